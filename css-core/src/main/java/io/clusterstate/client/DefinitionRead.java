package io.clusterstate.client;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * DescribeTaskDefinition of a certain revision; a family alone stands for its latest one, which the view cannot know.
 */
final class DefinitionRead implements LocalRead<DescribeTaskDefinitionRequest> {

    private final boolean isWhole;

    /** A read that answers only where definitions are held as a whole. */
    DefinitionRead(boolean isWhole) {
        this.isWhole = isWhole;
    }

    @Override
    public Optional<String> clusterOf(DescribeTaskDefinitionRequest request) {
        return Optional.empty();
    }

    @Override
    public Answer answer(DescribeTaskDefinitionRequest request, Moment now) {
        if (!isWhole) {
            return Answer.delegated(DelegationReason.OPERATION);
        }
        Optional<DelegationReason> obstacle = RequestFields.obstacle(request, Set.of("taskDefinition"));
        if (obstacle.isPresent()) {
            return Answer.delegated(obstacle.get());
        }
        String reference = request.taskDefinition();
        return reference == null || !reference.matches(".*:\\d+")
                ? Answer.delegated(DelegationReason.UNKNOWN)
                : find(reference, now)
                        .map(each -> Answer.of(
                                DescribeTaskDefinitionResponse.builder().taskDefinition(each)))
                        .orElseGet(() -> Answer.delegated(DelegationReason.UNKNOWN));
    }

    private static Optional<TaskDefinition> find(String reference, Moment now) {
        return reference.startsWith("arn:")
                ? now.snapshot().observed(EntityKind.TASK_DEFINITION, reference).map(Observed::value)
                : now.snapshot().taskDefinition(reference);
    }
}
