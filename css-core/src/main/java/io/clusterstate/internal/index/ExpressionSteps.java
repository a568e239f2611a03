package io.clusterstate.internal.index;

import io.clusterstate.Observed;
import io.clusterstate.internal.expression.Expression;
import io.clusterstate.internal.expression.Expression.Need;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The steps of a query that an expression becomes: a criterion for each condition that an index knows, and the whole
 * expression as a test.
 *
 * @param expression the expression
 * @param tasks the tasks of the same moment
 */
record ExpressionSteps(Expression expression, Table<Task> tasks) {

    private static final Table<Task> NO_TASKS = Table.empty(IndexedTaskQuery.FIELDS);

    /**
     * Parses an expression.
     *
     * @param text the expression
     * @param tasks the tasks; null for a query without a moment
     */
    static ExpressionSteps of(String text, @Nullable Table<Task> tasks) {
        Expression expression = Expression.parse(text);
        if (tasks == null && expression.needsTaskGroups()) {
            throw new IllegalArgumentException("expression: " + text
                    + " (expected: no task:group in a listener's query, since tasks change without their instance)");
        }
        return new ExpressionSteps(expression, tasks == null ? NO_TASKS : tasks);
    }

    IndexedQuery.Steps<ContainerInstance> added(IndexedQuery.Steps<ContainerInstance> steps, String text) {
        IndexedQuery.Steps<ContainerInstance> narrower = steps.and(this::matches, "matching " + text);
        for (Need need : expression.needs()) {
            narrower = narrower.and(criterion(need));
        }
        return narrower;
    }

    private boolean matches(Observed<ContainerInstance> observed) {
        return expression.matches(observed.value(), instance -> groupsOn(observed));
    }

    private List<String> groupsOn(Observed<ContainerInstance> instance) {
        return new IndexedTaskQuery(IndexedQuery.Steps.none(tasks))
                .in(instance.clusterArn()).onInstance(instance.arn()).stream()
                        .filter(task -> !"STOPPED".equals(task.lastStatus()) && !"STOPPED".equals(task.desiredStatus()))
                        .map(Task::group)
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList();
    }

    /** A criterion that leaves its test to the expression. */
    private static Criterion<ContainerInstance> criterion(Need need) {
        return new Criterion<>(
                IndexedInstanceQuery.fieldOf(need), IndexedInstanceQuery.keysOf(need), each -> true, false);
    }
}
