package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.EventTriage.Verdict;
import io.clusterstate.internal.event.EventReader;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.testing.TestTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whose state it is: each form of each ARN, of each partition, account and Region, beside each home. Sources of the forms:
 * the ECS developer guide, "Amazon Resource Names (ARNs) and IDs"; the AWS General Reference, on partitions.
 */
class HomeTest {

    private record Place(String partition, String region, String account) {

        String arn(String resource) {
            return "arn:" + partition + ":ecs:" + region + ":" + account + ":" + resource;
        }

        String cluster() {
            return arn("cluster/default");
        }
    }

    private static final String ID = "0123456789abcdef0123456789abcdef";

    private static final List<Place> PLACES = List.of(
            new Place("aws", "us-east-1", "111122223333"),
            new Place("aws", "eu-west-1", "111122223333"),
            new Place("aws", "us-east-1", "999999999999"),
            new Place("aws-cn", "cn-north-1", "111122223333"),
            new Place("aws-us-gov", "us-gov-west-1", "111122223333"),
            new Place("aws-eusc", "eusc-de-east-1", "111122223333"));

    private static final List<String> TASK_FORMS =
            List.of("task/default/" + ID, "task/" + ID, "task/01234567-89ab-cdef-0123-456789abcdef");

    private record Case(Place home, Place place, String form) {}

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Place home : PLACES) {
            for (Place place : PLACES) {
                TASK_FORMS.forEach(form -> cases.add(new Case(home, place, form)));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
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
    @MethodSource("cases")
    void anEntityAndItsClusterAreOfOneHome(Case each) {
        Verdict verdict = triage(Clusters.all(), each.home())
                .judge(EventReader.read(
                        taskEvent(each.home().cluster(), each.place().arn(each.form())), TestTime.START));

        assertEquals(each.home().equals(each.place()), verdict instanceof Verdict.Apply, each + ": " + verdict);
    }

    @ParameterizedTest
    @MethodSource("cases")
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

            assertEquals(each.home().equals(each.place()), verdict instanceof Verdict.Ask, each + ": " + verdict);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anAnswerIsMatchedToWhatWasAskedByKindAndIdAndNothingElse(Case each) {
        String asked = each.home().arn("task/default/" + ID);
        ArnMatcher matcher = new ArnMatcher(List.of(asked, each.home().arn("task/default/ffff")));
        String answered = each.place().arn(each.form());
        boolean isSame = each.home().equals(each.place()) && each.form().endsWith(ID);

        assertEquals(isSame ? Optional.of(asked) : Optional.empty(), matcher.match(answered), each.toString());
    }

    static Stream<List<String>> matches() {
        Place home = PLACES.get(0);
        String longTask = home.arn("task/default/" + ID);
        String longService = home.arn("service/prod/web");
        return Stream.of(
                List.of(longTask, longTask, "same"),
                List.of(longTask, ID, "same"),
                List.of(home.arn("task/" + ID), longTask, "same"),
                List.of(longTask, home.arn("task/other/" + ID), "other"),
                List.of(longTask, home.arn("container-instance/default/" + ID), "other"),
                List.of(longService, home.arn("service/web"), "same"),
                List.of(longService, "web", "same"),
                List.of("default", home.cluster(), "same"),
                List.of(home.cluster(), "default", "same"),
                List.of("default", home.arn("cluster/other"), "other"));
    }

    @ParameterizedTest
    @MethodSource("matches")
    void anAnswerMayNameAnotherFormThanWasAsked(List<String> match) {
        Optional<String> expected = match.get(2).equals("same") ? Optional.of(match.get(0)) : Optional.empty();

        assertEquals(
                expected,
                new ArnMatcher(List.of(match.get(0), "arn:aws:ecs:us-east-1:111122223333:task/default/f"))
                        .match(match.get(1)));
    }

    @Test
    void anAnswerWithoutAnArnIsAboutTheOnlyOneThatWasAskedAbout() {
        assertEquals(Optional.of("a"), new ArnMatcher(List.of("a")).match(null));
        assertEquals(Optional.empty(), new ArnMatcher(List.of("a", "b")).match(null));
    }

    @Test
    void anAnswerThatFitsTwoIsAboutNeither() {
        Place home = PLACES.get(0);
        ArnMatcher matcher = new ArnMatcher(List.of(home.arn("service/a/web"), home.arn("service/b/web")));

        assertEquals(Optional.empty(), matcher.match(home.arn("service/web")));
        assertEquals(Optional.of(home.arn("service/b/web")), matcher.match(home.arn("service/b/web")));
    }

    @Test
    void nothingIsHomeBeforeItIsKnown() {
        Home home = new Home();
        assertFalse(home.includes(PLACES.get(0).cluster()));
        home.learn("default"); // names no account
        assertFalse(home.isKnown());

        home.learn(PLACES.get(0).cluster());
        home.learn(PLACES.get(1).cluster());

        assertTrue(home.includes(PLACES.get(0).arn("task/default/" + ID)));
        assertFalse(home.includes(PLACES.get(1).cluster()));
        assertFalse(home.includes("default"));
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
        selection.home().learn(home.cluster());
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
