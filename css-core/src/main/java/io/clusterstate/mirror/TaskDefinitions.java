package io.clusterstate.mirror;

import java.time.Duration;

/**
 * The task definitions that a mirror fetches, and the parts of them that it keeps, for
 * {@link ClusterMirrorBuilder#taskDefinitions}.
 *
 * <p>A mirror fetches each definition once that a task or service in its view refers to, by one call of
 * DescribeTaskDefinition, the newest references first. It does not fetch what its store has, so that mirrors and
 * readers on a shared store, and a restart, need no call.
 *
 * <p>Secrets are often in environment variables. A mirror therefore leaves out, before its store, the values of
 * environment variables, and where secrets and environment files are; the names stay. The options of log drivers other
 * than {@code awslogs-…}, the options of volume drivers, and the credentials of registries and of file systems are left
 * out as a whole. Commands, entry points and Docker labels are kept.
 *
 * <p>A revision of a definition never changes, except for its status. A mirror does not follow that: a definition keeps
 * the status of its fetch when it is deregistered later.
 *
 * <p>Thread: immutable.
 */
public final class TaskDefinitions {

    /** As long as stores keep stopped tasks, so that these find their definitions. */
    private static final Duration KEPT_FOR = Duration.ofHours(1);

    private final boolean hasEnvironment;
    private final Duration keptFor;

    private TaskDefinitions(boolean hasEnvironment, Duration keptFor) {
        this.hasEnvironment = hasEnvironment;
        this.keptFor = keptFor;
    }

    /**
     * The definitions that tasks and services refer to, without secrets.
     *
     * @return the choice
     */
    public static TaskDefinitions referenced() {
        return new TaskDefinitions(false, KEPT_FOR);
    }

    /**
     * Keeps everything that is left out otherwise, such as the values of environment variables. Every reader of the
     * store can then see them. All mirrors on a store need the same choice; a leader of another choice fetches the
     * definitions again. It misses the values of variables, environment files and secrets, but nothing that was left
     * out as a whole: such a definition stays as it is until it is removed.
     *
     * @return this choice with all values
     */
    public TaskDefinitions withEnvironment() {
        return new TaskDefinitions(true, keptFor);
    }

    /**
     * Sets the time for which a definition stays in the store after the last reference to it has ended. A mirror that
     * takes over the lead begins to count anew.
     *
     * @param time the time; by default an hour; not negative, at most 365 days
     * @return this choice with that time
     */
    public TaskDefinitions keptFor(Duration time) {
        if (time.isNegative() || time.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("time: " + time + " (expected: not negative, at most 365 days)");
        }
        return new TaskDefinitions(hasEnvironment, time);
    }

    boolean hasEnvironment() {
        return hasEnvironment;
    }

    Duration keptFor() {
        return keptFor;
    }
}
