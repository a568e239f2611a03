package io.clusterstate.internal.composite;

import io.clusterstate.TaskQuery;
import io.clusterstate.TaskStatus;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.Task;

/** The query over the tasks of several members. */
final class MergedTaskQuery extends MergedQuery<Task, TaskQuery> implements TaskQuery {

    MergedTaskQuery(List<Part<TaskQuery>> parts) {
        super(parts);
    }

    @Override
    TaskQuery with(List<Part<TaskQuery>> narrower) {
        return new MergedTaskQuery(narrower);
    }

    @Override
    public TaskQuery live() {
        return each(query -> query.live());
    }

    @Override
    public TaskQuery ended() {
        return each(query -> query.ended());
    }

    @Override
    public TaskQuery onInstance(String arnOrId) {
        return each(query -> query.onInstance(arnOrId));
    }

    @Override
    public TaskQuery ofService(String arnOrName) {
        return each(query -> query.ofService(arnOrName));
    }

    @Override
    public TaskQuery family(String family) {
        return each(query -> query.family(family));
    }

    @Override
    public TaskQuery taskDefinition(String arnOrRevision) {
        return each(query -> query.taskDefinition(arnOrRevision));
    }

    @Override
    public TaskQuery startedBy(String startedBy) {
        return each(query -> query.startedBy(startedBy));
    }

    @Override
    public TaskQuery group(String group) {
        return each(query -> query.group(group));
    }

    @Override
    public TaskQuery status(String lastStatus) {
        return each(query -> query.status(lastStatus));
    }

    @Override
    public TaskQuery atLeast(TaskStatus lastStatus) {
        return each(query -> query.atLeast(lastStatus));
    }

    @Override
    public TaskQuery desiredStatus(String desiredStatus) {
        return each(query -> query.desiredStatus(desiredStatus));
    }

    @Override
    public TaskQuery launchType(String launchType) {
        return each(query -> query.launchType(launchType));
    }

    @Override
    public TaskQuery capacityProvider(String name) {
        return each(query -> query.capacityProvider(name));
    }

    @Override
    public TaskQuery image(String image) {
        return each(query -> query.image(image));
    }

    @Override
    public TaskQuery tagged(String key, String value) {
        return each(query -> query.tagged(key, value));
    }
}
