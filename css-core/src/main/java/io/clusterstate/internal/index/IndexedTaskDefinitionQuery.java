package io.clusterstate.internal.index;

import io.clusterstate.TaskDefinitionQuery;
import java.util.List;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** The query over task definitions. */
final class IndexedTaskDefinitionQuery extends IndexedQuery<TaskDefinition, TaskDefinitionQuery>
        implements TaskDefinitionQuery {

    private static final IndexField<TaskDefinition> FAMILY = IndexField.of("family", TaskDefinition::family);
    private static final IndexField<TaskDefinition> STATUS = IndexField.of("status", TaskDefinition::statusAsString);

    static final List<IndexField<TaskDefinition>> FIELDS = List.of(FAMILY, STATUS);

    IndexedTaskDefinitionQuery(Steps<TaskDefinition> steps) {
        super("definitions", steps);
    }

    @Override
    TaskDefinitionQuery with(Steps<TaskDefinition> narrower) {
        return new IndexedTaskDefinitionQuery(narrower);
    }

    @Override
    public TaskDefinitionQuery family(String family) {
        return where(FAMILY, family, TaskDefinition::family);
    }

    @Override
    public TaskDefinitionQuery status(String status) {
        return where(STATUS, KnownValues.DEFINITION_STATUS, status, TaskDefinition::statusAsString);
    }
}
