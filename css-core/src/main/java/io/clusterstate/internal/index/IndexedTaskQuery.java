package io.clusterstate.internal.index;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.TaskQuery;
import io.clusterstate.TaskStatus;
import io.clusterstate.ecs.EcsArn;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Task;

/** The query over tasks. */
final class IndexedTaskQuery extends IndexedQuery<Task, TaskQuery> implements TaskQuery {

    /** The key of tasks without a status, and of those with one that a later ECS has introduced. */
    private static final String OTHER = "";

    private static final List<String> LIVE = Stream.concat(
                    Arrays.stream(TaskStatus.values())
                            .filter(status -> !status.isEnd())
                            .map(Enum::name),
                    Stream.of(OTHER))
            .toList();

    private static final IndexField<Task> INSTANCE = IndexField.of("onInstance", Task::containerInstanceArn);
    private static final IndexField<Task> FAMILY =
            IndexField.derived("family", Task::taskDefinitionArn, task -> Families.familyOf(task.taskDefinitionArn()));
    private static final IndexField<Task> STARTED_BY = IndexField.of("startedBy", Task::startedBy);
    private static final IndexField<Task> GROUP = IndexField.of("group", Task::group);
    private static final IndexField<Task> STATUS =
            IndexField.derived("status", IndexedTaskQuery::statusKey, IndexedTaskQuery::statusKey);
    private static final IndexField<Task> DESIRED_STATUS = IndexField.of("desiredStatus", Task::desiredStatus);
    private static final IndexField<Task> LAUNCH_TYPE = IndexField.of("launchType", Task::launchTypeAsString);

    static final List<IndexField<Task>> FIELDS =
            List.of(INSTANCE, FAMILY, STARTED_BY, GROUP, STATUS, DESIRED_STATUS, LAUNCH_TYPE);

    IndexedTaskQuery(Steps<Task> steps) {
        super("tasks", steps);
    }

    @Override
    TaskQuery with(Steps<Task> narrower) {
        return new IndexedTaskQuery(narrower);
    }

    @Override
    public TaskQuery onInstance(String arnOrId) {
        if (Ids.isArn(arnOrId)) {
            return where(INSTANCE, arnOrId, Task::containerInstanceArn);
        }
        String suffix = "/" + arnOrId;
        Criterion<Task> criterion = new Criterion<>(
                INSTANCE,
                clusterArn -> Ids.arnsOf(EntityKind.INSTANCE, clusterArn, arnOrId),
                observed -> endsWith(observed.value().containerInstanceArn(), suffix),
                true);
        return where(criterion, "onInstance " + arnOrId);
    }

    @Override
    public TaskQuery ofService(String arnOrName) {
        String group = "service:" + EcsArn.nameOf(arnOrName);
        String cluster = clusterOf(arnOrName);
        if (cluster.isEmpty()) {
            return group(group);
        }
        Criterion<Task> criterion = new Criterion<>(
                GROUP,
                clusterArn -> EcsArn.isNamed(clusterArn, cluster) ? List.of(group) : List.of(),
                observed -> group.equals(observed.value().group()) && EcsArn.isNamed(observed.clusterArn(), cluster),
                true);
        return where(criterion, "ofService " + arnOrName);
    }

    /** The ARN or name of the cluster in a service's ARN, or before its name; empty if there is none. */
    private static String clusterOf(String service) {
        return Ids.isArn(service)
                ? EcsArn.parse(service).flatMap(EcsArn::clusterArn).orElse("")
                : service.substring(0, Math.max(0, service.lastIndexOf('/')));
    }

    @Override
    public TaskQuery family(String family) {
        return where(FAMILY, family, task -> Families.familyOf(task.taskDefinitionArn()));
    }

    @Override
    public TaskQuery taskDefinition(String arnOrRevision) {
        boolean isArn = Ids.isArn(arnOrRevision);
        Families.requireRevision(arnOrRevision);
        String family = Objects.requireNonNull(Families.familyOf(arnOrRevision));
        Predicate<Observed<Task>> test = isArn
                ? observed -> arnOrRevision.equals(observed.value().taskDefinitionArn())
                : observed -> endsWith(observed.value().taskDefinitionArn(), "/" + arnOrRevision);
        return where(new Criterion<>(FAMILY, List.of(family), test, false), "taskDefinition " + arnOrRevision);
    }

    @Override
    public TaskQuery startedBy(String startedBy) {
        return where(STARTED_BY, startedBy, Task::startedBy);
    }

    @Override
    public TaskQuery group(String group) {
        return where(GROUP, group, Task::group);
    }

    @Override
    public TaskQuery status(String lastStatus) {
        return where(STATUS, KnownValues.TASK_STATUS, lastStatus, Task::lastStatus);
    }

    @Override
    public TaskQuery atLeast(TaskStatus lastStatus) {
        List<String> reached = Arrays.stream(TaskStatus.values())
                .filter(status -> status.compareTo(lastStatus) >= 0)
                .map(Enum::name)
                .toList();
        return whereStatus(reached, "atLeast " + lastStatus);
    }

    @Override
    public TaskQuery live() {
        return whereStatus(LIVE, "live");
    }

    @Override
    public TaskQuery ended() {
        return atLeast(TaskStatus.STOPPED);
    }

    private TaskQuery whereStatus(List<String> keys, String text) {
        return where(new Criterion<>(STATUS, keys, observed -> keys.contains(statusKey(observed.value())), true), text);
    }

    @Override
    public TaskQuery desiredStatus(String desiredStatus) {
        return where(DESIRED_STATUS, KnownValues.DESIRED_STATUS, desiredStatus, Task::desiredStatus);
    }

    @Override
    public TaskQuery launchType(String launchType) {
        return where(LAUNCH_TYPE, KnownValues.LAUNCH_TYPE, launchType, Task::launchTypeAsString);
    }

    @Override
    public TaskQuery capacityProvider(String name) {
        return where(task -> name.equals(task.capacityProviderName()), "capacityProvider " + name);
    }

    @Override
    public TaskQuery image(String image) {
        return where(
                task -> task.containers().stream().anyMatch(container -> isOf(image, container.image())),
                "image " + image);
    }

    @Override
    public TaskQuery tagged(String key, String value) {
        return tagged(Task::tags, key, value);
    }

    /** Whether an image is the wanted one, or a tag or digest of it. A colon before a slash belongs to a port. */
    private static boolean isOf(String wanted, @Nullable String image) {
        if (image == null || !image.startsWith(wanted)) {
            return false;
        }
        String rest = image.substring(wanted.length());
        return rest.isEmpty() || rest.startsWith("@") || (rest.startsWith(":") && rest.indexOf('/') < 0);
    }

    private static boolean endsWith(@Nullable String arn, String suffix) {
        return arn != null && arn.endsWith(suffix);
    }

    private static String statusKey(Task task) {
        String status = task.lastStatus();
        return status != null && KnownValues.TASK_STATUS.values().contains(status) ? status : OTHER;
    }
}
