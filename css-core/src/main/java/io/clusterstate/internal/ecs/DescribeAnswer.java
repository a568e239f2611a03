package io.clusterstate.internal.ecs;

import java.time.Instant;

/**
 * What ECS answered about one entity that it was asked to describe. Only {@link Missing}, and an entity that is found
 * at its end, proves that an entity is gone; an {@link Unclear} answer is a doubt wherever it comes.
 *
 * @param <T> the AWS SDK's type of the entity
 */
public sealed interface DescribeAnswer<T> {

    /**
     * ECS described the entity.
     *
     * @param value the entity, in the one shape
     * @param askedAt the stamp of the attempt that was answered
     */
    record Found<T>(T value, Instant askedAt) implements DescribeAnswer<T> {}

    /**
     * ECS answered that there is no such entity.
     *
     * @param askedAt the stamp of the attempt that was answered
     */
    record Missing<T>(Instant askedAt) implements DescribeAnswer<T> {}

    /**
     * ECS answered anything else, or not about this entity.
     *
     * @param reason ECS's words, or what was lacking
     * @param isDenied whether ECS denied access
     */
    record Unclear<T>(String reason, boolean isDenied) implements DescribeAnswer<T> {}
}
