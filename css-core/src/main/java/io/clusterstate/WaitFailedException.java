package io.clusterstate;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of a wait can no longer come, so that waiting longer would not help. The message says what became of the
 * entity: {@link TaskStoppedException} if a task stopped that was to run, else that it was removed, or that a service
 * is being deleted.
 */
public class WaitFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String arn;
    private final transient @Nullable Removed<?> removed;

    WaitFailedException(String arn, String message, @Nullable Removed<?> removed) {
        super(message);
        this.arn = arn;
        this.removed = removed;
    }

    /** The failure of a wait whose entity the view has removed. */
    static WaitFailedException removed(Removed<?> removed, String expected) {
        return new WaitFailedException(removed.arn(), removed + " (expected: " + expected + ")", removed);
    }

    /**
     * The entity that failed the wait.
     *
     * @return its ARN
     */
    public String arn() {
        return arn;
    }

    /**
     * The removal of the entity, with its last value.
     *
     * @return the removal; empty if the view still shows the entity, or the exception was serialized
     */
    public Optional<Removed<?>> removed() {
        return Optional.ofNullable(removed);
    }
}
