package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.mirror.MirrorPlace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The places that the options name, and the queue of each. */
class PlaceOptionsTest {

    private static final String ONE = "arn:aws:iam::111122223333:role/css";
    private static final String TWO = "arn:aws:iam::444455556666:role/css";

    private static PlaceOptions parse(Map<String, String> environment, String arguments) {
        StateServer command = new StateServer(environment);
        StateServer.commandLine(command).parseArgs(arguments.isEmpty() ? new String[0] : arguments.split(" +"));
        command.options().where.validate();
        return command.options().where;
    }

    private static List<String> namesAndQueues(String arguments) {
        return parse(Map.of(), arguments).places().stream()
                .map(place -> place.name().map(MirrorPlace::name).orElse("only") + " "
                        + place.queue().orElse("none"))
                .toList();
    }

    @Test
    void withoutARegionThereIsOnePlaceAsBefore() {
        PlaceOptions options = parse(Map.of(), "--queue css");

        assertFalse(options.isSeveral());
        assertEquals(
                List.of(new Place(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of("css"))),
                options.places());
    }

    @Test
    void aSingleRegionIsTheOnlyPlace() {
        Place place = parse(Map.of(), "--region eu-west-1 --assume-role " + ONE)
                .places()
                .get(0);

        assertEquals(Optional.empty(), place.name());
        assertEquals(Optional.of("eu-west-1"), place.region());
        assertEquals(Optional.of(ONE), place.role());
    }

    @Test
    void eachRoleIsUsedInEachRegion() {
        assertEquals(
                List.of(
                        "111122223333/eu-west-1 css",
                        "111122223333/us-east-1 css",
                        "444455556666/eu-west-1 css",
                        "444455556666/us-east-1 css"),
                namesAndQueues("--region eu-west-1,us-east-1 --assume-role " + ONE + " --assume-role " + TWO
                        + " --queue css"));
    }

    @Test
    void theEnvironmentNamesPlacesToo() {
        PlaceOptions options =
                parse(Map.of("CSS_REGION", "eu-west-1,us-east-1", "CSS_ASSUME_ROLE", ONE, "CSS_QUEUE", "css"), "");

        assertTrue(options.isSeveral());
        assertEquals(2, options.places().size());
        assertEquals(Optional.of(ONE), options.places().get(1).role());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "css | css | css",
                "sqs://css | css | css",
                "css --queue us-east-1=other | css | other",
                "eu-west-1=a,us-east-1=b | a | b",
                "arn:aws:sqs:us-east-1:111122223333:b --queue a | a | arn:aws:sqs:us-east-1:111122223333:b",
                "https://sqs.eu-west-1.amazonaws.com/111122223333/a --queue b | "
                        + "https://sqs.eu-west-1.amazonaws.com/111122223333/a | b"
            })
    void eachRegionHasItsQueue(String queues, String eu, String us) {
        assertEquals(
                List.of("eu-west-1 " + eu, "us-east-1 " + us),
                namesAndQueues("--region eu-west-1 --region us-east-1 --queue " + queues));
    }

    @Test
    void anArnIsTheQueueOfItsAccount() {
        assertEquals(
                List.of("111122223333/eu-west-1 arn:aws:sqs:eu-west-1:111122223333:x", "444455556666/eu-west-1 css"),
                namesAndQueues("--region eu-west-1 --assume-role " + ONE + "," + TWO
                        + " --queue css,arn:aws:sqs:eu-west-1:111122223333:x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--region Ireland | --region: Ireland (expected: an id, such as eu-west-1)",
                "--region eu-west-1,eu-west-1 | --region: eu-west-1, eu-west-1 (expected: each once)",
                "--assume-role " + ONE + " | --region: none (expected: one or several, with --assume-role)",
                "--region eu-west-1 --assume-role css | --assume-role: css (expected: the ARN of a role, such as ",
                "--region eu-west-1 --assume-role " + ONE + "," + ONE + "2 | --assume-role: " + ONE + ", " + ONE
                        + "2 (expected: one role for each account)",
                "--external-id x --region eu-west-1 | --external-id: x (expected: none, without --assume-role)",
                "--queue a,b | --queue: a, b (expected: one, without --region)",
                "--queue eu-west-1=a | --queue: eu-west-1=a (expected: --region, with a queue for a Region)",
                "--region eu-west-1,us-east-1 --queue eu-west-1=a | "
                        + "--queue: eu-west-1=a (expected: one for each of [eu-west-1, us-east-1])",
                "--region eu-west-1,us-east-1 --queue a,b | --queue: a, b (expected: one for eu-west-1)",
                "--region eu-west-1,us-east-1 --queue a,eu-central-1=b | "
                        + "--queue: eu-central-1=b (expected: a queue in one of [eu-west-1, us-east-1])",
                "--region eu-west-1,us-east-1 --queue http://localhost:1/q | "
                        + "--queue: http://localhost:1/q (expected: a name, for several places)",
                "--region eu-west-1 --queue us-east-1=arn:aws:sqs:eu-west-1:111122223333:b | "
                        + "--queue: us-east-1=arn:aws:sqs:eu-west-1:111122223333:b (expected: the Region of the queue"
            })
    void refusesWhatContradictsItself(String arguments, String expected) {
        var failure = assertThrows(IllegalArgumentException.class, () -> parse(Map.of(), arguments));

        assertTrue(String.valueOf(failure.getMessage()).startsWith(expected), failure.getMessage());
    }

    @Test
    void eachPlaceHasANamespaceOfItsOwnInEtcd() {
        Options options = new Options();
        options.etcdEndpoints = List.of("localhost:2379");

        String several = options.etcd(null, Optional.of(MirrorPlace.of("eu-west-1", ONE)))
                .toString();
        String only = options.etcd(null, Optional.empty()).toString();

        assertTrue(several.contains("css/111122223333/eu-west-1/"), several);
        assertFalse(only.contains("eu-west-1"), only);
        assertEquals(2, Arrays.stream(new String[] {several, only}).distinct().count());
    }
}
