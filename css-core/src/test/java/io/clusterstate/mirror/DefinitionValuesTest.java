package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.clusterstate.internal.json.ShapeWriter;
import io.clusterstate.internal.shape.Canonical;
import io.clusterstate.internal.shape.PojoShape;
import io.clusterstate.testing.RandomEntities;
import io.clusterstate.testing.Seeds;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.Volume;

@SuppressWarnings("unchecked") // arrays of the SDK's varargs
class DefinitionValuesTest {

    private static final TaskDefinition WHOLE = TaskDefinition.builder()
            .taskDefinitionArn("arn:aws:ecs:eu-west-1:1:task-definition/web:1")
            .family("web")
            .containerDefinitions(
                    ContainerDefinition.builder()
                            .name("app")
                            .image("example/app")
                            .command("serve", "--port=80")
                            .environment(variable -> variable.name("TOKEN").value("hidden-1"))
                            .secrets(secret -> secret.name("PASSWORD").valueFrom("hidden-2"))
                            .environmentFiles(file -> file.type("s3").value("hidden-3"))
                            .repositoryCredentials(credentials -> credentials.credentialsParameter("hidden-4"))
                            .logConfiguration(log -> log.logDriver("splunk")
                                    .options(Map.of("splunk-token", "hidden-5", "awslogs-group", "shown"))
                                    .secretOptions(secret ->
                                            secret.name("splunk-token").valueFrom("hidden-6")))
                            .build(),
                    ContainerDefinition.builder().name("plain").build())
            .volumes(
                    Volume.builder()
                            .name("share")
                            .dockerVolumeConfiguration(
                                    docker -> docker.driver("local").driverOpts(Map.of("o", "password=hidden-7")))
                            .build(),
                    Volume.builder()
                            .name("windows")
                            .fsxWindowsFileServerVolumeConfiguration(share -> share.fileSystemId("fs-1")
                                    .authorizationConfig(config ->
                                            config.domain("example.com").credentialsParameter("hidden-8")))
                            .build(),
                    Volume.builder().name("plain").build())
            .build();

    @Test
    void noValueThatMayBeASecretIsLeft() {
        String left = json(DefinitionValues.leftOut(WHOLE));

        assertEquals(8, json(WHOLE).split("hidden-", -1).length - 1, "in the original");
        assertFalse(left.contains("hidden"), left);
    }

    /** As a store writes it; the SDK's own text hides some parts. */
    static String json(TaskDefinition definition) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            new ShapeWriter(json).writePojo(definition, PojoShape.ofEntity(TaskDefinition.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    @Test
    void namesAndAllElseStay() {
        ContainerDefinition app =
                DefinitionValues.leftOut(WHOLE).containerDefinitions().get(0);

        assertEquals("TOKEN", app.environment().get(0).name());
        assertEquals("PASSWORD", app.secrets().get(0).name());
        assertEquals("s3", app.environmentFiles().get(0).typeAsString());
        assertEquals(Map.of("awslogs-group", "shown"), app.logConfiguration().options());
        assertEquals(
                "splunk-token", app.logConfiguration().secretOptions().get(0).name());
        assertEquals(WHOLE.containerDefinitions().get(0).command(), app.command());
        Volume windows = DefinitionValues.leftOut(WHOLE).volumes().get(1);
        assertEquals(
                "example.com",
                windows.fsxWindowsFileServerVolumeConfiguration()
                        .authorizationConfig()
                        .domain());
    }

    @Test
    void whatIsLeftOutOnceIsLeftOutForGood() {
        Seeds.forEach(200, random -> {
            TaskDefinition any =
                    Canonical.of(TaskDefinition.class, RandomEntities.of(random).definition());
            TaskDefinition left = Canonical.of(TaskDefinition.class, DefinitionValues.leftOut(any));

            assertEquals(left, DefinitionValues.leftOut(left));
        });
    }

    @Test
    void aWholeDefinitionIsKnownFromOneWithout() {
        assertTrue(DefinitionValues.areComplete(WHOLE));
        assertFalse(DefinitionValues.areComplete(DefinitionValues.leftOut(WHOLE)));
        assertTrue(DefinitionValues.areComplete(TaskDefinition.builder().build()));
    }

    @Test
    void eachValueThatIsLeftOutIsMissed() {
        assertMissed(ContainerDefinition.builder()
                .environment(variable -> variable.name("TOKEN").value("hidden")));
        assertMissed(ContainerDefinition.builder()
                .secrets(secret -> secret.name("PASSWORD").valueFrom("hidden")));
        assertMissed(ContainerDefinition.builder()
                .environmentFiles(file -> file.type("s3").value("hidden")));
        assertMissed(ContainerDefinition.builder().logConfiguration(log -> log.logDriver("splunk")
                .secretOptions(secret -> secret.name("splunk-token").valueFrom("hidden"))));
    }

    private static void assertMissed(ContainerDefinition.Builder container) {
        TaskDefinition whole =
                TaskDefinition.builder().containerDefinitions(container.build()).build();
        assertTrue(DefinitionValues.areComplete(whole));
        assertFalse(DefinitionValues.areComplete(DefinitionValues.leftOut(whole)), whole::toString);
    }
}
