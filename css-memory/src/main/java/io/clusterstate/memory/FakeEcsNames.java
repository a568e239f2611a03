package io.clusterstate.memory;

import io.clusterstate.EntityKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;

/** Finds the entities that a request names by id or ARN. */
final class FakeEcsNames {

    private final FakeEcsState state;
    private final FakeEcsFaults faults;

    FakeEcsNames(FakeEcsState state, FakeEcsFaults faults) {
        this.state = state;
        this.faults = faults;
    }

    /**
     * The entities of a describe request.
     *
     * @param found the entities, in the order of the request
     * @param failures a failure for each name without an entity
     */
    record Found<T>(List<T> found, List<Failure> failures) {}

    /** Finds every name. {@code what} begins ECS's message about their number, which is at most {@code most}. */
    <T> Found<T> each(EntityKind<T> kind, String clusterArn, String what, List<String> names, int most) {
        requireSome(what, names, most);
        List<T> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String name : names) {
            String arn = arnOf(kind, clusterArn, name);
            Optional<T> entity = faults.refusal().isPresent() ? Optional.empty() : find(kind, clusterArn, name);
            entity.ifPresentOrElse(
                    found::add,
                    () -> failures.add(
                            FakeEcsErrors.failure(arn, faults.refusal().orElse("MISSING"))));
        }
        return new Found<>(found, failures);
    }

    Optional<Task> task(String clusterArn, @Nullable String name) {
        return find(EntityKind.TASK, clusterArn, name);
    }

    Optional<ContainerInstance> instance(String clusterArn, @Nullable String name) {
        return find(EntityKind.INSTANCE, clusterArn, name);
    }

    Optional<Service> service(String clusterArn, @Nullable String name) {
        return find(EntityKind.SERVICE, clusterArn, name);
    }

    private <T> Optional<T> find(EntityKind<T> kind, String clusterArn, @Nullable String name) {
        return name == null || name.isEmpty()
                ? Optional.empty()
                : state.held(kind, arnOf(kind, clusterArn, name))
                        .filter(each -> each.clusterArn().equals(clusterArn))
                        .map(FakeEcsState.Held::value);
    }

    /** The ARN that a name means in a cluster. ECS refuses the long ARN of a different cluster. */
    static String arnOf(EntityKind<?> kind, String clusterArn, String name) {
        if (name.startsWith("arn:")) {
            requireSameCluster(clusterArn, name);
            return name;
        }
        return kind == EntityKind.TASK
                ? FakeArns.taskArn(clusterArn, name)
                : kind == EntityKind.INSTANCE
                        ? FakeArns.instanceArn(clusterArn, name)
                        : FakeArns.serviceArn(clusterArn, name);
    }

    private static void requireSameCluster(String clusterArn, String arn) {
        String[] path = arn.split("/", -1);
        String cluster = clusterArn.substring(clusterArn.lastIndexOf('/') + 1);
        if (path.length == 3 && !path[1].equals(cluster)) {
            throw FakeEcsErrors.invalid(
                    "Invalid identifier: Identifier is for cluster " + path[1] + ". Your cluster is " + cluster);
        }
    }

    static void requireSome(String what, List<?> items, int most) {
        if (items.isEmpty()) {
            throw FakeEcsErrors.invalid(what + " cannot be empty.");
        }
        if (items.size() > most) {
            throw FakeEcsErrors.invalid(what + " cannot be more than " + most + ".");
        }
    }
}
