package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.testing.Entities;
import io.clusterstate.testing.Promise;
import io.etcd.jetcd.ByteSequence;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {

    private static final String CLUSTER = Entities.clusterArn("prod");
    private static final String IN_PROD = "css/entity/aws/123456789012/eu-west-1/prod/";

    private final Keys keys = new Keys("css/");

    @Test
    void entitiesOfAllKindsAreUnderTheirCluster() {
        assertEquals(
                IN_PROD + "task/arn:aws:ecs:eu-west-1:123456789012:task/prod/1",
                text(keys.entity(EntityKind.TASK, CLUSTER, Entities.taskArn("prod", "1"))));
        assertEquals(
                IN_PROD + "container-instance/arn:aws:ecs:eu-west-1:123456789012:container-instance/prod/1",
                text(keys.entity(EntityKind.INSTANCE, CLUSTER, Entities.instanceArn("prod", "1"))));
        assertEquals(
                IN_PROD + "service/arn:aws:ecs:eu-west-1:123456789012:service/prod/web",
                text(keys.entity(EntityKind.SERVICE, CLUSTER, Entities.serviceArn("prod", "web"))));
        assertEquals(
                IN_PROD + "cluster/arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
                text(keys.entity(EntityKind.CLUSTER, CLUSTER, CLUSTER)));
    }

    @Test
    @Promise(13)
    void definitionsAreUnderKeysThatTheFirstVersionPassesOver() {
        String arn = Entities.taskDefinitionArn("prod", "web", 7);

        ByteSequence key = keys.entity(EntityKind.TASK_DEFINITION, Observed.NO_CLUSTER, arn);

        assertEquals("css/definition/aws/123456789012/eu-west-1/-/task-definition/" + arn, text(key));
        assertEquals(Keys.Kind.ENTITY, keys.kindOf(key));
        assertEquals(arn, keys.arnOf(key));
        assertTrue(text(keys.entities()).compareTo(text(key)) < 0, "in the range of all entities");
    }

    @Test
    void aShortArnIsUnderItsClusterToo() {
        String arn = "arn:aws:ecs:eu-west-1:123456789012:task/b54a2a04-046f-4331-9d74-3f6d7f6ca315";

        ByteSequence key = keys.entity(EntityKind.TASK, CLUSTER, arn);

        assertEquals(IN_PROD + "task/" + arn, text(key));
        assertEquals(arn, keys.arnOf(key));
    }

    @Test
    void otherPartitionsHaveTheirOwnPlace() {
        String cluster = "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/prod";

        ByteSequence key = keys.entity(EntityKind.CLUSTER, cluster, cluster);

        assertEquals("css/entity/aws-cn/123456789012/cn-north-1/prod/cluster/" + cluster, text(key));
        assertEquals(cluster, keys.arnOf(key));
    }

    @Test
    void whatIsNoArnIsKeptAllTheSame() {
        for (String cluster :
                List.of("", "prod", "default", "a/b/c", "arn:aws:ec2:eu-west-1:123456789012:instance/i")) {
            ByteSequence key = keys.entity(EntityKind.TASK, cluster, "no/arn//at/all/of/any/kind");

            assertEquals("css/entity/-/-/-/-/task/no/arn//at/all/of/any/kind", text(key));
            assertEquals("no/arn//at/all/of/any/kind", keys.arnOf(key));
        }
    }

    @Test
    void partsThatAreEmptyOrHoldASlashLeaveTheArnWhereItIs() {
        assertArnComesBack("arn::ecs:::cluster/prod", "css/entity/-/-/-/prod/task/");
        assertArnComesBack("arn:a/b:ecs:c/d:/:cluster/prod", "css/entity/-/-/-/prod/task/");
    }

    private void assertArnComesBack(String cluster, String place) {
        ByteSequence key = keys.entity(EntityKind.TASK, cluster, "arn:task/1");

        assertEquals(place + "arn:task/1", text(key));
        assertEquals("arn:task/1", keys.arnOf(key));
    }

    @Test
    void everyKeyIsKnownByItsKind() {
        assertEquals(Keys.Kind.ENTITY, keys.kindOf(keys.entity(EntityKind.CLUSTER, CLUSTER, CLUSTER)));
        assertEquals(Keys.Kind.LIST, keys.kindOf(keys.list()));
        assertEquals(Keys.Kind.CLUSTER, keys.kindOf(keys.cluster(CLUSTER)));
        assertEquals(Keys.Kind.LEADER, keys.kindOf(keys.leader()));
        assertEquals(Keys.Kind.HEAD, keys.kindOf(keys.head()));
        assertEquals(Keys.Kind.UNKNOWN, keys.kindOf(keys.all()));
        assertEquals(Keys.Kind.UNKNOWN, keys.kindOf(bytes("css/leader/2")));
        assertEquals(Keys.Kind.UNKNOWN, keys.kindOf(bytes("css/confirmed/lists")));
    }

    @Test
    void theArnOfAConfirmedClusterComesBack() {
        ByteSequence key = keys.cluster(CLUSTER);

        assertEquals("css/confirmed/cluster/" + CLUSTER, text(key));
        assertEquals(CLUSTER, keys.arnOf(key));
    }

    @Test
    void keysOfOtherNamespacesAreUnknown() {
        for (Keys other : List.of(
                new Keys("sss/"), new Keys("other/"), new Keys("css2/"), new Keys("a/css/"), new Keys("css/b/"))) {
            keysOf(other).forEach(key -> assertEquals(Keys.Kind.UNKNOWN, keys.kindOf(key), text(key)));
        }
    }

    @Test
    void allKeysLieBetweenTheBeginningAndTheEnd() {
        keysOf(keys).forEach(key -> {
            assertBelow(keys.all(), key);
            assertBelow(key, keys.end());
        });
    }

    @Test
    void theNextNamespaceBeginsAtTheEndOrAboveIt() {
        assertEquals("css0", text(keys.end()));
        for (Keys next : List.of(new Keys("css0/"), new Keys("css1/"), new Keys("csst/"), new Keys("d/"))) {
            keysOf(next).forEach(key -> assertBelow(keys.end(), key));
        }
        for (Keys earlier : List.of(new Keys("css-/"), new Keys("css./"), new Keys("cs/"), new Keys("css!/"))) {
            keysOf(earlier).forEach(key -> assertBelow(key, keys.all()));
        }
    }

    /** The least and the greatest that there may be among them. */
    private static List<ByteSequence> keysOf(Keys keys) {
        return List.of(
                keys.entity(EntityKind.TASK, "", ""),
                keys.entity(EntityKind.TASK, CLUSTER, "\udbff\udfff"),
                keys.list(),
                keys.cluster("\udbff\udfff"),
                keys.leader(),
                keys.head());
    }

    /** In the order of etcd, which is that of the bytes without a sign. */
    private static void assertBelow(ByteSequence lower, ByteSequence higher) {
        assertTrue(
                Arrays.compareUnsigned(lower.getBytes(), higher.getBytes()) < 0,
                () -> text(lower) + " is not below " + text(higher));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    private static String text(ByteSequence key) {
        return key.toString(StandardCharsets.UTF_8);
    }
}
