package io.clusterstate.internal.index;

import io.clusterstate.TaskQuery;
import io.clusterstate.ecs.EcsArn;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Task;

/** The query over tasks. */
final class IndexedTaskQuery extends IndexedQuery<Task, TaskQuery> implements TaskQuery {

    private static final IndexField<Task> INSTANCE = IndexField.of("onInstance", Task::containerInstanceArn);
    private static final IndexField<Task> FAMILY =
            IndexField.derived("family", Task::taskDefinitionArn, task -> Families.familyOf(task.taskDefinitionArn()));
    private static final IndexField<Task> STARTED_BY = IndexField.of("startedBy", Task::startedBy);
    private static final IndexField<Task> GROUP = IndexField.of("group", Task::group);
    private static final IndexField<Task> STATUS = IndexField.of("status", Task::lastStatus);
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
    public TaskQuery onInstance(String instanceArn) {
        return where(INSTANCE, instanceArn, Task::containerInstanceArn);
    }

    @Override
    public TaskQuery ofService(String service) {
        return group("service:" + EcsArn.nameOf(service));
    }

    @Override
    public TaskQuery family(String family) {
        return where(FAMILY, family, task -> Families.familyOf(task.taskDefinitionArn()));
    }

    @Override
    public TaskQuery taskDefinition(String taskDefinitionArn) {
        String family = Families.familyOf(taskDefinitionArn);
        Criterion<Task> criterion = new Criterion<>(
                FAMILY,
                family == null ? List.of() : List.of(family),
                observed -> taskDefinitionArn.equals(observed.value().taskDefinitionArn()),
                false);
        return where(criterion, "taskDefinition " + taskDefinitionArn);
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
        return where(STATUS, lastStatus, Task::lastStatus);
    }

    @Override
    public TaskQuery desiredStatus(String desiredStatus) {
        return where(DESIRED_STATUS, desiredStatus, Task::desiredStatus);
    }

    @Override
    public TaskQuery launchType(String launchType) {
        return where(LAUNCH_TYPE, launchType, Task::launchTypeAsString);
    }
}
