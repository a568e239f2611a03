package io.clusterstate.mirror;

import static io.clusterstate.internal.ecs.Homes.ID;
import static io.clusterstate.internal.ecs.Homes.PLACES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EntityKind;
import io.clusterstate.internal.ecs.Home;
import io.clusterstate.internal.ecs.Homes.Case;
import io.clusterstate.internal.ecs.Homes.Place;
import io.clusterstate.internal.event.EventReader;
import io.clusterstate.mirror.EventTriage.Verdict;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.TestTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The home of a mirror: each format of each ARN, of each partition, account and Region, for each home. Sources of the
 * formats: the ECS developer guide, "Amazon Resource Names (ARNs) and IDs"; the AWS General Reference, on partitions.
 */
class HomeTest {

    @ParameterizedTest
    @MethodSource("io.clusterstate.internal.ecs.Homes#cases")
    void onlyWhatIsHomeIsSelectedWhateverTheChoiceOfClusters(Case each) {
        for (Clusters choice : choices(each.home())) {
            Verdict verdict = triage(choice, each.home())
                    .judge(EventReader.read(
                            taskEvent(each.place().cluster(), each.place().arn(each.form())), TestTime.START));

            if (each.home().equals(each.place())) {
                assertInstanceOf(Verdict.Apply.class, verdict, each.toString());
            } else {
                assertEquals(
                        DeliveryOutcome.FOREIGN,
                        assertInstanceOf(Verdict.PassOver.class, verdict).outcome());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.clusterstate.internal.ecs.Homes#cases")
    void anEntityAndItsClusterAreOfOneHome(Case each) {
        Verdict verdict = triage(Clusters.all(), each.home())
                .judge(EventReader.read(
                        taskEvent(each.home().cluster(), each.place().arn(each.form())), TestTime.START));

        assertEquals(each.home().equals(each.place()), verdict instanceof Verdict.Apply, each + ": " + verdict);
    }

    @ParameterizedTest
    @MethodSource("io.clusterstate.internal.ecs.Homes#cases")
    void hintsAndNoticesOfOthersAskNothing(Case each) {
        EventTriage triage = triage(Clusters.all(), each.home());
        String cluster = each.place().cluster();
        for (String body : List.of(
                """
                {"source":"aws.ecs","detail-type":"ECS Service Action","resources":["%s"],
                 "detail":{"eventType":"INFO","eventName":"SERVICE_STEADY_STATE","clusterArn":"%s"}}
                """
                        .formatted(each.place().arn("service/web"), cluster),
                """
                {"source":"aws.ecs","detail-type":"ECS Container Instance Health Change",
                 "detail":{"clusterArn":"%s","containerInstanceArn":"%s","overallStatus":"IMPAIRED"}}
                """
                        .formatted(cluster, each.place().arn("container-instance/default/" + ID)),
                taskEvent(cluster, each.place().arn(each.form())).replace(",\"version\":3", ""))) {
            Verdict verdict = triage.judge(EventReader.read(body, TestTime.START));

            assertEquals(each.home().equals(each.place()), verdict instanceof Verdict.Describe, each + ": " + verdict);
        }
    }

    @Test
    void nothingIsHomeBeforeItIsKnown() {
        Home home = new Home();
        assertFalse(home.includes(PLACES.get(0).cluster()));
        home.configure("default"); // names no account
        home.clientReads(PLACES.get(1).cluster()); // may be the wrong client
        assertFalse(home.isKnown());

        home.stateBelongsTo(Home.prefixOf(PLACES.get(0).cluster()));

        assertTrue(home.includes(PLACES.get(0).arn("task/default/" + ID)));
        assertFalse(home.includes(PLACES.get(1).cluster()));
        assertFalse(home.includes("default"));
    }

    @Test
    void theConfigurationTheStateAndTheClientAreOfOneHome() {
        String one = PLACES.get(0).arn("");
        String other = PLACES.get(1).arn("");
        Home home = new Home();
        home.clientReads(PLACES.get(0).cluster());
        home.stateBelongsTo(one);
        assertEquals(Optional.empty(), home.conflict());

        home.stateBelongsTo(other);
        assertEquals(
                Optional.of("ecs client: it reads " + one + ", so the mirror does not poll (expected: " + other
                        + ", to which the state in the store belongs)"),
                home.conflict());

        home.configure(PLACES.get(0).cluster());
        assertEquals(
                Optional.of("clusters: selected of " + one + ", so the mirror does not poll (expected: of " + other
                        + ", to which the state in the store belongs)"),
                home.conflict());

        home.stateBelongsTo(one);
        home.clientReads(PLACES.get(1).cluster());
        assertEquals(
                Optional.of("ecs client: it reads " + other + ", so the mirror does not poll (expected: " + one
                        + ", as configured)"),
                home.conflict());
    }

    @Test
    void clustersOfTwoAccountsAreNoChoiceOfOneMirror() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> Clusters.named(
                        PLACES.get(0).cluster(), "prod", PLACES.get(2).cluster()));

        assertTrue(refused.getMessage().contains("expected: clusters of one account and Region"), refused.getMessage());
    }

    private static List<Clusters> choices(Place home) {
        return List.of(
                Clusters.all(),
                Clusters.all().readableOnly(),
                Clusters.named("default"),
                Clusters.named(home.cluster()),
                Clusters.matching(Pattern.compile("def.*")),
                Clusters.matching(arn -> true));
    }

    private static EventTriage triage(Clusters choice, Place home) {
        Selection selection = new Selection(choice, List.of(EntityKind.TASK, EntityKind.SERVICE, EntityKind.INSTANCE));
        selection.home().configure(home.cluster());
        return new EventTriage(selection, new ReferenceStore(), cluster -> Optional.empty());
    }

    private static String taskEvent(String clusterArn, String taskArn) {
        return """
                {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%s","taskArn":"%s",
                 "lastStatus":"RUNNING","desiredStatus":"RUNNING","version":3}}
                """
                .formatted(clusterArn, taskArn)
                .replace(",\n \"lastStatus\"", ",\"lastStatus\"");
    }
}
