package io.clusterstate.examples.stateserver;

import io.clusterstate.mirror.MirrorPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options about where the clusters are: Regions, roles and queues. Each Region and role is a place. */
final class PlaceOptions {

    @Option(
            names = "--region",
            paramLabel = "REGION",
            split = ",",
            description = "Region of the clusters. Repeat the option, or use commas, for several Regions: each has "
                    + "a queue and a mirror of its own (default: the Region of the AWS SDK, such as AWS_REGION).")
    List<String> regions = new ArrayList<>();

    @Option(
            names = "--assume-role",
            paramLabel = "ARN",
            split = ",",
            description = "Role to assume for ECS and SQS, such as arn:aws:iam::111122223333:role/css. Repeat the "
                    + "option, or use commas, for several accounts: each role is used in each --region.")
    List<String> roles = new ArrayList<>();

    @Option(
            names = "--external-id",
            paramLabel = "ID",
            description = "External id that the trust policies of the roles in --assume-role expect (default: none).")
    @Nullable String externalId;

    @Option(
            names = "--queue",
            paramLabel = "NAME",
            split = ",",
            description = "SQS queue that receives the ECS events: its name, sqs://NAME, URL or ARN. A name stands "
                    + "for a queue of that name in each Region and account; REGION=NAME is for one Region. Repeat "
                    + "the option, or use commas. Without a queue, and with etcd, this process only reads the state "
                    + "that others write to etcd.")
    List<String> queues = new ArrayList<>();

    /** Whether there are several places. */
    boolean isSeveral() {
        return regions.size() * Math.max(1, roles.size()) > 1;
    }

    /** The places, in the order of the options; one without a name if there are no several. */
    List<Place> places() {
        List<QueueChoice> choices = queues.stream().map(QueueChoice::of).toList();
        if (regions.isEmpty()) {
            return List.of(new Place(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    choices.stream().map(QueueChoice::queue).findFirst()));
        }
        List<Place> places = new ArrayList<>();
        for (Optional<String> role : rolesOrNone()) {
            for (String region : regions) {
                MirrorPlace name = place(region, role);
                Optional<String> queue = QueueChoice.among(choices, name);
                places.add(new Place(
                        isSeveral() ? Optional.of(name) : Optional.empty(), Optional.of(region), role, queue));
            }
        }
        return places;
    }

    private List<Optional<String>> rolesOrNone() {
        return roles.isEmpty()
                ? List.of(Optional.empty())
                : roles.stream().map(Optional::of).toList();
    }

    private List<MirrorPlace> names() {
        return rolesOrNone().stream()
                .flatMap(role -> regions.stream().map(region -> place(region, role)))
                .toList();
    }

    private static MirrorPlace place(String region, Optional<String> role) {
        try {
            return new MirrorPlace(region, role);
        } catch (IllegalArgumentException e) {
            String words = String.valueOf(e.getMessage()).replaceFirst("^role", "assume-role");
            throw new IllegalArgumentException("--" + words, e);
        }
    }

    /** Throws if the options contradict each other. */
    void validate() {
        refuse(!roles.isEmpty() && regions.isEmpty(), "--region", regions, "one or several, with --assume-role");
        refuse(
                externalId != null && roles.isEmpty(),
                "--external-id",
                List.of(externalId + ""),
                "none, without --assume-role");
        refuse(regions.size() > Set.copyOf(regions).size(), "--region", regions, "each once");
        List<String> names = names().stream().map(MirrorPlace::name).toList();
        refuse(names.size() > Set.copyOf(names).size(), "--assume-role", roles, "one role for each account");
        validateQueues(names());
    }

    private void validateQueues(List<MirrorPlace> names) {
        refuse(names.isEmpty() && queues.size() > 1, "--queue", queues, "one, without --region");
        for (String queue : queues) {
            QueueChoice choice = QueueChoice.of(queue);
            long places = names.stream().filter(choice::isFor).count();
            refuse(!names.isEmpty() && places == 0, "--queue", List.of(queue), "a queue in one of " + names);
            refuse(choice.isOne() && places > 1, "--queue", List.of(queue), "a name, for several places");
            refuse(
                    names.isEmpty() && queue.contains("="),
                    "--queue",
                    List.of(queue),
                    "--region, with a queue for a Region");
        }
        if (!queues.isEmpty()) {
            List<Place> places = places(); // throws if there are several queues for a place
            refuse(
                    places.stream().anyMatch(each -> each.queue().isEmpty()),
                    "--queue",
                    queues,
                    "one for each of " + names);
        }
    }

    private static void refuse(boolean isWrong, String option, List<String> values, String expected) {
        if (isWrong) {
            String actual = values.isEmpty() ? "none" : String.join(", ", values);
            throw new IllegalArgumentException(option + ": " + actual + " (expected: " + expected + ")");
        }
    }
}
