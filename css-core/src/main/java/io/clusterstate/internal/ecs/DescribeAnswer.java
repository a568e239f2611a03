package io.clusterstate.internal.ecs;

import java.time.Instant;

/**
 * ECS's answer about one entity of a describe call. Only {@link Missing}, and an entity that has ended, prove that an
 * entity is gone; an {@link Unclear} answer never does.
 *
 * @param <T> the AWS SDK's type of the entity
 */
public sealed interface DescribeAnswer<T> {

    /**
     * ECS described the entity.
     *
     * @param <T> its type
     * @param value the entity, in its canonical shape
     * @param askedAt the stamp of the answered attempt
     */
    record Found<T>(T value, Instant askedAt) implements DescribeAnswer<T> {}

    /**
     * ECS answered that the entity does not exist.
     *
     * @param <T> its type
     * @param askedAt the stamp of the answered attempt
     */
    record Missing<T>(Instant askedAt) implements DescribeAnswer<T> {}

    /**
     * ECS gave any other answer, or none about this entity.
     *
     * @param <T> its type
     * @param reason ECS's words, or the missing part
     * @param isDenied whether ECS denied access
     */
    record Unclear<T>(String reason, boolean isDenied) implements DescribeAnswer<T> {}
}
