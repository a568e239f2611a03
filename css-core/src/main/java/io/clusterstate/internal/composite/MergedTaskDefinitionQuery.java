package io.clusterstate.internal.composite;

import io.clusterstate.Observed;
import io.clusterstate.TaskDefinitionQuery;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * The query over the task definitions of several members. Definitions belong to no cluster, so two shards of an account
 * may both hold a definition; it counts once.
 */
final class MergedTaskDefinitionQuery extends MergedQuery<TaskDefinition, TaskDefinitionQuery>
        implements TaskDefinitionQuery {

    MergedTaskDefinitionQuery(List<Part<TaskDefinitionQuery>> parts) {
        super(parts);
    }

    @Override
    TaskDefinitionQuery with(List<Part<TaskDefinitionQuery>> narrower) {
        return new MergedTaskDefinitionQuery(narrower);
    }

    @Override
    public TaskDefinitionQuery family(String family) {
        return each(query -> query.family(family));
    }

    @Override
    public TaskDefinitionQuery status(String status) {
        return each(query -> query.status(status));
    }

    @Override
    public Stream<Observed<TaskDefinition>> observed() {
        Set<String> seen = new HashSet<>();
        return super.observed().filter(each -> seen.add(each.arn()));
    }

    @Override
    public int count() {
        return (int) observed().count();
    }
}
