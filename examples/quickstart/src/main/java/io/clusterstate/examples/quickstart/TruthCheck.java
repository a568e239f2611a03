package io.clusterstate.examples.quickstart;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.simulator.Truth;
import io.clusterstate.spi.ApiOnlyFields;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.Task;

/** Compares a snapshot with the simulator's truth: every entity, every field. */
final class TruthCheck {

    private final Snapshot snapshot;
    private final boolean isOfEvents;
    /** The partition, Region and account of every simulated ARN. */
    private final Set<String> home;

    private final List<Difference> differences = new ArrayList<>();

    private TruthCheck(Snapshot snapshot, Truth truth, boolean isOfEvents) {
        this.snapshot = snapshot;
        this.isOfEvents = isOfEvents;
        this.home = truth.clusters().stream()
                .map(each -> placeOf(each.clusterArn()))
                .collect(Collectors.toSet());
    }

    /** All differences; empty if the two are equal. */
    static List<Difference> differences(Snapshot snapshot, Truth truth) {
        TruthCheck check = new TruthCheck(snapshot, truth, false);
        check.compare(EntityKind.TASK, truth.tasks(), snapshot.tasks().stream());
        check.compare(EntityKind.INSTANCE, truth.instances(), snapshot.instances().stream());
        check.compare(EntityKind.SERVICE, truth.services(), snapshot.services().stream());
        check.compare(EntityKind.CLUSTER, truth.clusters(), snapshot.clusters().stream());
        return check.differences;
    }

    /** The differences of tasks and instances alone, in the fields that events carry. */
    static List<Difference> differencesInEvents(Snapshot snapshot, Truth truth) {
        TruthCheck check = new TruthCheck(snapshot, truth, true);
        check.compare(EntityKind.TASK, truth.tasks(), snapshot.tasks().stream());
        check.compare(EntityKind.INSTANCE, truth.instances(), snapshot.instances().stream());
        return check.differences;
    }

    private <T extends SdkPojo> void compare(EntityKind<T> kind, List<T> truth, Stream<T> seen) {
        Set<String> expected = truth.stream().map(kind::arnOf).collect(Collectors.toSet());
        seen.map(kind::arnOf)
                .filter(arn -> !expected.contains(arn))
                .forEach(arn -> differences.add(unexpected(kind, arn)));
        for (T each : truth) {
            String arn = kind.arnOf(each);
            snapshot.observed(kind, arn)
                    .ifPresentOrElse(
                            found -> compare(kind + " " + arn, each, found),
                            () -> add(Difference.Kind.ABSENT, kind + " " + arn + " is not in the view"));
        }
    }

    private Difference unexpected(EntityKind<?> kind, String arn) {
        String words = kind + " " + arn + " is in the view" + statusOf(kind, arn) + ", and not in truth";
        boolean isOfHome = home.contains(placeOf(arn));
        return new Difference(isOfHome ? Difference.Kind.ENDED : Difference.Kind.FOREIGN, words);
    }

    private String statusOf(EntityKind<?> kind, String arn) {
        return snapshot.observed(kind, arn)
                .map(Observed::value)
                .flatMap(each -> each instanceof Task task ? Optional.of(" as " + task.lastStatus()) : Optional.empty())
                .orElse("");
    }

    private void add(Difference.Kind kind, String words) {
        differences.add(new Difference(kind, words));
    }

    /** Partition, Region and account of an ARN. */
    private static String placeOf(String arn) {
        return arn.substring(0, arn.lastIndexOf(':') + 1);
    }

    private <T extends SdkPojo> void compare(String name, T truth, Observed<T> seen) {
        if (isOfEvents || isNotDescribedAgain(seen)) {
            EntityKind<T> kind = seen.kind();
            compareFields(name, ApiOnlyFields.clear(kind, truth), ApiOnlyFields.clear(kind, seen.value()));
        } else {
            compareFields(name, truth, seen.value());
        }
    }

    /**
     * Whether fields that only the API reports may be missing or old: the API never described the entity, or no longer
     * lists it.
     */
    private static boolean isNotDescribedAgain(Observed<?> seen) {
        return seen.describedAt().isEmpty() || (seen.kind() == EntityKind.INSTANCE && seen.hasEnded());
    }

    private void compareFields(String name, SdkPojo truth, SdkPojo seen) {
        for (SdkField<?> field : truth.sdkFields()) {
            compareValues(
                    name + "." + field.locationName(), field.getValueOrDefault(truth), field.getValueOrDefault(seen));
        }
    }

    private void compareValues(String name, @Nullable Object truth, @Nullable Object seen) {
        if (truth instanceof SdkPojo expected && seen instanceof SdkPojo found) {
            compareFields(name, expected, found);
        } else if (truth instanceof List<?> expected
                && seen instanceof List<?> found
                && expected.size() == found.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compareValues(name + "[" + i + "]", expected.get(i), found.get(i));
            }
        } else if (!Objects.equals(truth, seen) && !(isEmpty(truth) && isEmpty(seen))) {
            add(Difference.Kind.OTHERWISE, name + " is " + seen + " (truth: " + truth + ")");
        }
    }

    private static boolean isEmpty(@Nullable Object value) {
        return value == null || (value instanceof Collection<?> collection && collection.isEmpty());
    }
}
