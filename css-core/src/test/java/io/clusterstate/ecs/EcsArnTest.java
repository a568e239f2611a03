package io.clusterstate.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.testing.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EcsArnTest {

    @Test
    void aLongArnNamesItsCluster() {
        EcsArn arn = parsed("arn:aws:ecs:eu-west-1:123456789012:task/prod/0123456789abcdef0123456789abcdef");

        assertEquals(
                new EcsArn(
                        "aws",
                        "eu-west-1",
                        "123456789012",
                        "task",
                        Optional.of("prod"),
                        "0123456789abcdef0123456789abcdef"),
                arn);
        assertEquals(Optional.of("arn:aws:ecs:eu-west-1:123456789012:cluster/prod"), arn.clusterArn());
    }

    @Test
    void aShortArnNamesNoCluster() {
        EcsArn arn =
                parsed("arn:aws:ecs:us-east-1:111122223333:container-instance/b54a2a04-046f-4331-9d74-3f6d7f6ca315");

        assertEquals("container-instance", arn.type());
        assertEquals("b54a2a04-046f-4331-9d74-3f6d7f6ca315", arn.id());
        assertEquals(Optional.empty(), arn.clusterName());
        assertEquals(Optional.empty(), arn.clusterArn());
    }

    @Test
    void theClusterIsInThePartitionOfTheArn() {
        assertEquals(
                Optional.of("arn:aws-cn:ecs:cn-north-1:123456789012:cluster/prod"),
                parsed("arn:aws-cn:ecs:cn-north-1:123456789012:service/prod/web")
                        .clusterArn());
        assertEquals(
                Optional.of("arn:aws-us-gov:ecs:us-gov-west-1:123456789012:cluster/prod"),
                parsed("arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task/prod/1")
                        .clusterArn());
    }

    @Test
    void clustersAndTaskDefinitionsBelongToNoCluster() {
        EcsArn cluster = parsed("arn:aws:ecs:eu-west-1:123456789012:cluster/prod");
        EcsArn definition = parsed("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7");

        assertEquals("prod", cluster.id());
        assertEquals(Optional.empty(), cluster.clusterArn());
        assertEquals("web:7", definition.id());
        assertEquals(Optional.empty(), definition.clusterArn());
    }

    @Test
    void theIdOfADeepArnIsWhatFollowsItsLastSlash() {
        EcsArn container = parsed("arn:aws:ecs:eu-west-1:123456789012:container/prod/0123/4567-89ab");

        assertEquals("container", container.type());
        assertEquals(Optional.of("prod"), container.clusterName());
        assertEquals("4567-89ab", container.id());
    }

    @Test
    void partsAreNotCheckedForTheirForm() {
        EcsArn masked = parsed("arn:aws:ecs:eu-west-1:<ACCOUNT>:task/my cluster/####");

        assertEquals("<ACCOUNT>", masked.account());
        assertEquals("####", masked.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "task",
                "arn",
                "arn:aws:ecs:eu-west-1:123456789012",
                "arn:aws:ecs:eu-west-1:123456789012:",
                "arn:aws:ecs:eu-west-1:123456789012:task",
                "arn:aws:ecs:eu-west-1:123456789012:task/",
                "arn:aws:ecs:eu-west-1:123456789012:task/prod/",
                "arn:aws:ecs:eu-west-1:123456789012:task//1",
                "arn:aws:ecs:eu-west-1:123456789012:/prod/1",
                "arn:aws:ec2:eu-west-1:123456789012:instance/i-1",
                "urn:aws:ecs:eu-west-1:123456789012:task/prod/1",
                "ARN:aws:ecs:eu-west-1:123456789012:task/prod/1",
                "/task/prod/1",
                "::::::",
                "\u0000"
            })
    void otherTextsAreNoArns(String text) {
        assertEquals(Optional.empty(), EcsArn.parse(text));
    }

    @Test
    void anyTextIsTakenApartAtItsColonsAndSlashes() {
        List<String> pieces =
                List.of("arn", "arn", "ecs", "ecs", ":", ":", ":", ":", "/", "/", "//", "aws", "task", "1", "");
        List<String> heads = List.of("", "arn:aws:ecs:", "arn:ecs:ecs:r:a:task", "arn::ecs:");
        Seeds.forEach(2_000, random -> {
            for (int i = 0; i < 20; i++) {
                StringBuilder text = new StringBuilder(heads.get(random.nextInt(heads.size())));
                for (int piece = random.nextInt(14); piece > 0; piece--) {
                    text.append(pieces.get(random.nextInt(pieces.size())));
                }
                Optional<EcsArn> split = split(text.toString());

                assertEquals(split, EcsArn.parse(text.toString()), text.toString());
                for (String type : List.of("task", "taskarn", "1", "")) {
                    boolean isOfType = split.map(EcsArn::type).equals(Optional.of(type));
                    assertEquals(isOfType, EcsArn.isOf(type, text.toString()), text.toString());
                }
            }
        });
    }

    /** The definition: six parts between colons, of which the last has at least two parts between slashes. */
    private static Optional<EcsArn> split(String text) {
        String[] parts = text.split(":", 6);
        if (parts.length != 6 || !parts[0].equals("arn") || !parts[2].equals("ecs")) {
            return Optional.empty();
        }
        String[] path = parts[5].split("/", -1);
        if (path.length < 2 || Arrays.asList(path).contains("")) {
            return Optional.empty();
        }
        Optional<String> cluster = path.length > 2 ? Optional.of(path[1]) : Optional.empty();
        return Optional.of(new EcsArn(parts[1], parts[3], parts[4], path[0], cluster, path[path.length - 1]));
    }

    @Test
    void anArnIsOfItsTypeAlone() {
        String task = "arn:aws:ecs:eu-west-1:123456789012:task/prod/1";

        assertTrue(EcsArn.isOf("task", task));
        assertFalse(EcsArn.isOf("tas", task));
        assertFalse(EcsArn.isOf("task/prod", task));
        assertFalse(EcsArn.isOf("task-definition", task));
        assertFalse(EcsArn.isOf("task", "task/prod/1"));
    }

    @Test
    void aNameIsWhatFollowsTheLastSlash() {
        assertEquals("prod", EcsArn.nameOf("arn:aws:ecs:eu-west-1:123456789012:cluster/prod"));
        assertEquals("web", EcsArn.nameOf("arn:aws:ecs:eu-west-1:123456789012:service/prod/web"));
        assertEquals("prod", EcsArn.nameOf("prod"));
        assertEquals("", EcsArn.nameOf(""));
    }

    private static EcsArn parsed(String text) {
        return EcsArn.parse(text).orElseThrow();
    }
}
