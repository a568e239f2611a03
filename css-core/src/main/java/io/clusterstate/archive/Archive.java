package io.clusterstate.archive;

import java.util.List;

/**
 * The history of a view's entities.
 *
 * <p>Not to be implemented by applications: methods may be added.
 *
 * <p>Thread: safe for any thread.
 */
public interface Archive extends AutoCloseable {

    /**
     * A query over all ended tasks.
     *
     * @return the query, to be narrowed
     */
    EndedTaskQuery tasks();

    /**
     * A query over the ended tasks of a service; short for {@code tasks().service(name)}.
     *
     * @param service the service's name
     * @return the query, to be narrowed
     */
    default EndedTaskQuery of(String service) {
        return tasks().service(service);
    }

    /**
     * The timeline of an entity, such as a task that ECS has forgotten. It joins the times that ECS reported, the
     * changes that the archive saw, a service's own events, and notices. A time that ECS reported is ECS's; a change
     * has the time at which this process learned of it.
     *
     * @param arn the ARN of a task, container instance, service or cluster, as ECS reports it
     * @return the steps, oldest first; empty if nothing is known
     */
    List<HistoryStep> why(String arn);

    /** Stops following the view, and returns within seconds. A second call does nothing. */
    @Override
    void close();
}
