package io.clusterstate.internal.expect;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Snapshot;
import io.clusterstate.ecs.Capacity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The room on a watched instance: the lesser of what ECS last reported and of what is registered less all that is known
 * to be taken. The second counts each task once, by its ARN, and each reservation until its task is known; nothing is
 * ever subtracted from the first.
 */
final class InstanceRoom {

    private static final List<String> COUNTED = List.of("CPU", "MEMORY");

    private final Watch watch;
    private final ContainerInstance instance;
    private final Taken taken = new Taken();
    /** The sum over the tasks in the view that this process has not started. */
    private final Taken others = new Taken();

    InstanceRoom(Snapshot base, ByInstance open, Watch watch, ContainerInstance instance, Found found) {
        this.watch = watch;
        this.instance = instance;
        Map<String, Footprint> foundNeeds = new HashMap<>();
        open.holdsOn(watch.arn()).forEach(hold -> {
            Footprint needs = hold.needs();
            for (Observed<Task> task : found.of(hold)) {
                foundNeeds.put(task.arn(), needs);
                needs = Footprint.NONE;
            }
            taken.add(found.of(hold).isEmpty() ? needs : Footprint.NONE);
        });
        liveOn(base, watch).forEach(task -> addShown(task, foundNeeds));
        open.launchesOn(watch.arn()).stream()
                .filter(launch -> base.observed(EntityKind.TASK, launch.arn()).isEmpty())
                .forEach(launch ->
                        taken.add(footprint(launch.row().value(), watch.own().get(launch.arn()))));
    }

    private void addShown(Task task, Map<String, Footprint> foundNeeds) {
        Footprint known = watch.own().get(task.taskArn());
        Footprint needs = known == null ? foundNeeds.get(task.taskArn()) : known;
        Footprint footprint = footprint(task, needs);
        taken.add(footprint);
        if (needs == null) {
            others.add(footprint);
        }
    }

    /** The tasks on an instance that hold resources there: until STOPPED, as ECS does. */
    static List<Task> liveOn(Snapshot base, Watch watch) {
        return base.tasks()
                .in(watch.clusterArn())
                .onInstance(watch.arn())
                .observed()
                .filter(task -> !task.hasEnded())
                .map(Observed::value)
                .toList();
    }

    private static Footprint footprint(Task task, @Nullable Footprint needs) {
        Footprint shown = TaskFootprint.of(task);
        return needs == null ? shown : shown.or(needs);
    }

    /**
     * The part of ECS's report that no task explains, or an earlier such part, if that was less. It is the size of
     * tasks that the view does not have, or whose size it does not have; or the view waits for an event.
     */
    Map<String, Long> gap() {
        Map<String, Long> now = gap(instance, others);
        Map<String, Long> least = new HashMap<>();
        watch.gap().forEach((name, before) -> {
            long amount = Math.min(before, now.getOrDefault(name, 0L));
            if (amount > 0) {
                least.put(name, amount);
            }
        });
        return Map.copyOf(least);
    }

    /** The part of an instance's report that is not explained, by counted resource. */
    static Map<String, Long> gap(ContainerInstance instance, Taken explained) {
        Map<String, Long> gap = new HashMap<>();
        for (String name : COUNTED) {
            long registered = Capacity.number(instance.registeredResources(), name);
            long remaining = Capacity.number(instance.remainingResources(), name);
            long amount = registered - explained.amount(name) - remaining;
            if (amount > 0) {
                gap.put(name, amount);
            }
        }
        return Map.copyOf(gap);
    }

    /** Whether ECS's report equals what is known to be taken. */
    boolean isExplained() {
        Map<String, Long> gap = gap();
        return COUNTED.stream()
                .allMatch(name -> computed(name, gap) == Capacity.number(instance.remainingResources(), name));
    }

    private long computed(String name, Map<String, Long> gap) {
        return Capacity.number(instance.registeredResources(), name) - taken.amount(name) - gap.getOrDefault(name, 0L);
    }

    /** The instance with the resources that are free. */
    ContainerInstance shown() {
        Map<String, Long> gap = gap();
        List<Resource> free = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (Resource resource : instance.remainingResources()) {
            names.add(resource.name());
            free.add(shown(resource, gap));
        }
        addPorts("PORTS", taken.ports(), names, free);
        addPorts("PORTS_UDP", taken.udpPorts(), names, free);
        return free.equals(instance.remainingResources())
                ? instance
                : instance.toBuilder().remainingResources(free).build();
    }

    private Resource shown(Resource resource, Map<String, Long> gap) {
        return switch (String.valueOf(resource.name())) {
            case "PORTS" -> withMembers(resource, union(resource.stringSetValue(), taken.ports()));
            case "PORTS_UDP" -> withMembers(resource, union(resource.stringSetValue(), taken.udpPorts()));
            case "GPU" -> withMembers(resource, freeGpus(resource.stringSetValue()));
            default -> withAmount(resource, computed(resource.name(), gap));
        };
    }

    private static void addPorts(String name, Set<String> ports, Set<String> names, List<Resource> free) {
        if (!ports.isEmpty() && names.add(name)) {
            free.add(Resource.builder()
                    .name(name)
                    .type("STRINGSET")
                    .stringSetValue(ports)
                    .build());
        }
    }

    private static List<String> union(List<String> reported, Set<String> own) {
        Set<String> both = new LinkedHashSet<>(reported);
        both.addAll(own);
        return List.copyOf(both);
    }

    /** The GPUs that no known task holds; fewer, if some tasks are known by their number of GPUs alone. */
    private List<String> freeGpus(List<String> reported) {
        List<String> left =
                reported.stream().filter(id -> !taken.gpuIds().contains(id)).toList();
        int registered = Capacity.members(instance.registeredResources(), "GPU").size();
        return left.subList(0, Math.max(0, Math.min(left.size(), registered - taken.gpus())));
    }

    private static Resource withMembers(Resource resource, List<String> members) {
        return members.size() == resource.stringSetValue().size()
                ? resource
                : resource.toBuilder().stringSetValue(members).build();
    }

    private static Resource withAmount(Resource resource, long computed) {
        int reported = Capacity.number(List.of(resource), resource.name());
        if (computed >= reported) {
            return resource;
        }
        long amount = Math.max(0, computed);
        Resource.Builder less = resource.toBuilder();
        return switch (String.valueOf(resource.type())) {
            case "LONG" -> less.longValue(amount).build();
            case "DOUBLE" -> less.doubleValue((double) amount).build();
            default -> less.integerValue((int) amount).build();
        };
    }
}
