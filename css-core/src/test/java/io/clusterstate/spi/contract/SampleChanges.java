package io.clusterstate.spi.contract;

import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Origin;
import io.clusterstate.spi.ApiOnlyFields;
import io.clusterstate.spi.Removal;
import io.clusterstate.spi.Upsert;
import io.clusterstate.testing.Entities;
import java.time.Instant;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

/** Sample changes from events and the API, for entities of one cluster. */
public final class SampleChanges {

    /** The name of that cluster. */
    public static final String CLUSTER = "prod";

    /** The id of the task that most tests use. */
    public static final String TASK_ID = "t1";

    private SampleChanges() {}

    /**
     * That task, running.
     *
     * @param version ECS's counter
     * @return the task
     */
    public static Task running(long version) {
        return Entities.task(CLUSTER, TASK_ID, version);
    }

    /**
     * That task, stopped.
     *
     * @param version ECS's counter
     * @param at the stop time, in seconds after {@link Entities#NOW}
     * @return the task
     */
    public static Task stopped(long version, long at) {
        return stopped(running(version), at);
    }

    /**
     * A task, stopped.
     *
     * @param task the running task
     * @param at the stop time, in seconds after {@link Entities#NOW}
     * @return the task
     */
    public static Task stopped(Task task, long at) {
        return task.toBuilder().lastStatus("STOPPED").stoppedAt(after(at)).build();
    }

    /**
     * An API answer about a service.
     *
     * @param status {@code ACTIVE} or {@code INACTIVE}
     * @param asked the time of the request, in seconds after {@link Entities#NOW}
     * @return the change
     */
    public static Upsert<Service> service(String status, long asked) {
        return byApi(EntityKind.SERVICE, Entities.service(CLUSTER, "web", service -> service.status(status)), asked);
    }

    /**
     * A task with what only the API tells.
     *
     * @param task as an event tells it
     * @param tag the value of its one tag
     * @return the task with a tag, and healthy
     */
    public static Task described(Task task, String tag) {
        return task.toBuilder()
                .tags(Tag.builder().key("tag").value(tag).build())
                .healthStatus("HEALTHY")
                .build();
    }

    /**
     * An event: the one task runs.
     *
     * @param version ECS's counter
     * @return the change
     */
    public static Upsert<Task> event(long version) {
        return event(TASK_ID, version);
    }

    /**
     * An event about a running task.
     *
     * @param id the end of the task's ARN
     * @param version ECS's counter
     * @return the change
     */
    public static Upsert<Task> event(String id, long version) {
        return byEvent(EntityKind.TASK, Entities.task(CLUSTER, id, version));
    }

    /**
     * An event about that task, stopped.
     *
     * @param version ECS's counter
     * @param at the stop time, in seconds after {@link Entities#NOW}
     * @return the change
     */
    public static Upsert<Task> end(long version, long at) {
        return byEvent(EntityKind.TASK, stopped(version, at));
    }

    /**
     * An API answer about that task, running.
     *
     * @param version ECS's counter
     * @param asked the time of the request, in seconds after {@link Entities#NOW}
     * @return the change
     */
    public static Upsert<Task> answer(long version, long asked) {
        return byApi(EntityKind.TASK, running(version), asked);
    }

    /**
     * The API's proof that the task is gone.
     *
     * @param version the last known version
     * @param asked the time of the request, in seconds after {@link Entities#NOW}
     * @return the change
     */
    public static Removal<Task> gone(long version, long asked) {
        return missing(EntityKind.TASK, Entities.taskArn(CLUSTER, TASK_ID), version, asked);
    }

    /**
     * An event, received at {@link Entities#NOW}.
     *
     * @param kind the kind of entity
     * @param value the entity
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> Upsert<T> byEvent(EntityKind<T> kind, T value) {
        return Entities.upsert(kind, CLUSTER, value);
    }

    /**
     * An API answer.
     *
     * @param kind the kind of entity
     * @param value the entity
     * @param asked the time of the request, in seconds after {@link Entities#NOW}
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> Upsert<T> byApi(EntityKind<T> kind, T value, long asked) {
        return Upsert.of(kind, Entities.clusterArn(CLUSTER), value, Origin.DESCRIBE, after(asked));
    }

    /**
     * An event with another time of receipt.
     *
     * @param event the event
     * @param at the time of receipt, in seconds after {@link Entities#NOW}
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> Upsert<T> received(Upsert<T> event, long at) {
        Observed<T> told = event.observed();
        return Upsert.of(told.kind(), told.clusterArn(), told.value(), Origin.EVENT, after(at));
    }

    /**
     * The API's proof that an entity is gone.
     *
     * @param kind the kind of entity
     * @param arn the entity's ARN
     * @param version the last known version
     * @param asked the time of the request, in seconds after {@link Entities#NOW}
     * @param <T> the AWS SDK's type of the entity
     * @return the change
     */
    public static <T> Removal<T> missing(EntityKind<T> kind, String arn, long version, long asked) {
        return new Removal<>(kind, arn, Entities.clusterArn(CLUSTER), version, after(asked), Removal.Reason.MISSING);
    }

    /**
     * A moment.
     *
     * @param seconds the seconds after {@link Entities#NOW}
     * @return the moment
     */
    public static Instant after(long seconds) {
        return Entities.NOW.plusSeconds(seconds);
    }

    /**
     * An entity's value without API-only fields.
     *
     * @param observed the entity
     * @param <T> the AWS SDK's type of the entity
     * @return the value
     */
    public static <T> T core(Observed<T> observed) {
        return ApiOnlyFields.clear(observed.kind(), observed.value());
    }
}
