package io.clusterstate.preflight;

import java.util.List;

/** A check of a preflight, in the order of its report. */
public enum PreflightCheck {
    /** The queue exists, and its attributes can be read. */
    QUEUE("sqs:GetQueueUrl", "sqs:GetQueueAttributes"),
    /** The queue, the SQS client and the ECS client are of one Region and account. */
    PLACE("sqs:GetQueueAttributes", "ecs:ListClusters"),
    /** EventBridge can write into the encrypted queue. */
    ENCRYPTION("sqs:GetQueueAttributes"),
    /** The queue's policy lets the rule send. */
    QUEUE_POLICY("sqs:GetQueueAttributes"),
    /** The queue's policy is not open to the world. */
    OTHER_SENDERS("sqs:GetQueueAttributes"),
    /** A redrive policy keeps messages that cannot be read. */
    DEAD_LETTERS("sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
    /** The queue keeps messages for longer than a restart takes. */
    RETENTION("sqs:GetQueueAttributes"),
    /** No message comes again while the mirror works on it. */
    VISIBILITY("sqs:GetQueueAttributes"),
    /** Messages may be received. */
    RECEIVE("sqs:ReceiveMessage"),
    /** The SQS client bears the wait of a poll. */
    POLL_WAIT("sqs:ReceiveMessage"),
    /** Messages may be deleted. */
    DELETE("sqs:DeleteMessage"),
    /** Messages may be kept and handed back. */
    CHANGE_VISIBILITY("sqs:ChangeMessageVisibility"),
    /** A mirror with a store of its own may claim the queue by a tag. */
    CLAIM("sqs:ListQueueTags", "sqs:TagQueue", "sqs:UntagQueue"),
    /** An enabled rule of the default event bus has the queue as its target. */
    RULE("events:ListRuleNamesByTarget", "events:DescribeRule"),
    /** The rule passes events on unchanged. */
    TARGET("events:ListTargetsByRule"),
    /** The rules' patterns pass every event that the mirror uses. */
    EVENT_TYPES("events:DescribeRule"),
    /** The clusters may be listed. */
    LIST_CLUSTERS("ecs:ListClusters"),
    /** Clusters may be described. */
    DESCRIBE_CLUSTERS("ecs:DescribeClusters"),
    /** Tasks may be listed. */
    LIST_TASKS("ecs:ListTasks"),
    /** Tasks may be described. */
    DESCRIBE_TASKS("ecs:DescribeTasks"),
    /** Container instances may be listed. */
    LIST_CONTAINER_INSTANCES("ecs:ListContainerInstances"),
    /** Container instances may be described. */
    DESCRIBE_CONTAINER_INSTANCES("ecs:DescribeContainerInstances"),
    /** Services may be listed. */
    LIST_SERVICES("ecs:ListServices"),
    /** Services may be described. */
    DESCRIBE_SERVICES("ecs:DescribeServices"),
    /** Task definitions may be described; in the report if {@link MirrorPreflight#taskDefinitions()} asks for it. */
    DESCRIBE_TASK_DEFINITION("ecs:DescribeTaskDefinition"),
    /** The host's clock agrees with the date of ECS's answers. */
    CLOCK("ecs:ListClusters");

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> rights;

    PreflightCheck(String... rights) {
        this.rights = List.of(rights);
    }

    /**
     * The rights that the look needs.
     *
     * @return IAM actions, such as {@code sqs:GetQueueAttributes}
     */
    public List<String> rights() {
        return rights;
    }
}
