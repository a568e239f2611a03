package io.clusterstate.internal.shape;

import static io.clusterstate.testing.Entities.instance;
import static io.clusterstate.testing.Entities.service;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.InstanceParts.attribute;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.testing.RandomEntities;
import io.clusterstate.testing.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.LogConfiguration;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceConnectConfiguration;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;

@Isolated("other tests put strings into the pool of the JVM, which forgets")
class CanonicalTest {

    @Test
    void emptyListsAreUnset() {
        Task told = task("prod", "1", changes -> changes.tags(List.of())
                .attachments(List.of())
                .containers(Container.builder()
                        .name("web")
                        .networkBindings(List.of())
                        .build())
                .overrides(TaskOverride.builder().containerOverrides(List.of()).build()));

        Task canonical = Canonical.of(Task.class, told);

        assertFalse(canonical.hasTags());
        assertFalse(canonical.hasAttachments());
        assertFalse(canonical.containers().get(0).hasNetworkBindings());
        assertEquals(TaskOverride.builder().build(), canonical.overrides());
    }

    @Test
    void emptyMapsAreUnsetAndOthersKept() {
        Service empty = Canonical.of(Service.class, withLogOptions(Map.of()));
        Service full = Canonical.of(Service.class, withLogOptions(Map.of("a", "1", "b", "2")));

        assertFalse(logging(empty).hasOptions());
        assertEquals(Map.of("a", "1", "b", "2"), logging(full).options());
    }

    @Test
    void noValueInAListIsLeftOut() {
        ContainerInstance told =
                instance("prod", "1", changes -> changes.attributes(Arrays.asList(null, attribute("a", "1"), null)));

        assertEquals(
                List.of(attribute("a", "1")),
                Canonical.of(ContainerInstance.class, told).attributes());
    }

    @Test
    void whatHasNothingEmptyStaysEqual() {
        Seeds.forEach(200, random -> {
            RandomEntities entities = RandomEntities.withoutEmpties(random);

            assertUnchanged(Task.class, entities.task());
            assertUnchanged(ContainerInstance.class, entities.instance());
            assertUnchanged(Service.class, entities.service());
            assertUnchanged(Cluster.class, entities.cluster());
        });
    }

    @Test
    void theOneShapeOfTheOneShapeIsItself() {
        Seeds.forEach(200, random -> {
            RandomEntities entities = RandomEntities.of(random);

            assertUnchanged(Task.class, Canonical.of(Task.class, entities.task()));
            assertUnchanged(ContainerInstance.class, Canonical.of(ContainerInstance.class, entities.instance()));
            assertUnchanged(Service.class, Canonical.of(Service.class, entities.service()));
            assertUnchanged(Cluster.class, Canonical.of(Cluster.class, entities.cluster()));
        });
    }

    @Test
    void equalStringsAndEqualSmallValuesAreOne() {
        ContainerInstance first = Canonical.of(ContainerInstance.class, withAttribute("c5.large"));
        ContainerInstance second = Canonical.of(ContainerInstance.class, withAttribute("c5.large"));

        assertNotSame(first, second);
        assertSame(first.attributes().get(0), second.attributes().get(0));
        assertSame(first.status(), second.status());
    }

    @Test
    void theKeysAndValuesOfMapsAreShared() {
        LogConfiguration first = logging(Canonical.of(Service.class, withLogOptions(Map.of(copy("k"), copy("v")))));
        LogConfiguration second = logging(Canonical.of(Service.class, withLogOptions(Map.of(copy("k"), copy("v")))));

        assertSame(
                first.options().keySet().iterator().next(),
                second.options().keySet().iterator().next());
        assertSame(first.options().get("k"), second.options().get("k"));
    }

    @Test
    void otherTypesAreRefused() {
        Tag tag = Tag.builder().build();

        assertThrows(IllegalArgumentException.class, () -> Canonical.of(Tag.class, tag));
    }

    private static <T> void assertUnchanged(Class<T> type, T value) {
        assertEquals(value, Canonical.of(type, value));
    }

    private static ContainerInstance withAttribute(String value) {
        Attribute attribute = attribute(copy("ecs.instance-type"), copy(value));
        return instance("prod", "1", changes -> changes.status(copy("ACTIVE")).attributes(attribute));
    }

    private static Service withLogOptions(Map<String, String> options) {
        return service(
                "prod",
                "web",
                changes -> changes.deployments(Deployment.builder()
                        .serviceConnectConfiguration(ServiceConnectConfiguration.builder()
                                .logConfiguration(LogConfiguration.builder()
                                        .options(options)
                                        .build())
                                .build())
                        .build()));
    }

    private static LogConfiguration logging(Service service) {
        return service.deployments().get(0).serviceConnectConfiguration().logConfiguration();
    }

    private static String copy(String text) {
        return String.valueOf(text.toCharArray());
    }
}
