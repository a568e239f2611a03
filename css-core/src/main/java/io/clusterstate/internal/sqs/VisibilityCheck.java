package io.clusterstate.internal.sqs;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * A look at a queue's visibility timeout, once before the first poll. If the timeout is too short, messages come again
 * while the mirror still works on them, which uses up the receipts that the redrive policy allows.
 *
 * <p>Thread: safe for any thread.
 */
public final class VisibilityCheck {

    /** The mirror extends a message that waits for ECS after 20 s; a look at the queue may come a little later. */
    public static final Duration SHORTEST = Duration.ofSeconds(25);

    private static final Logger LOG = LoggerFactory.getLogger(VisibilityCheck.class);

    private final String source;
    private final AtomicBoolean isDone = new AtomicBoolean();
    private volatile @Nullable String problem;

    /**
     * Creates a check that has not looked yet.
     *
     * @param source the queue, for messages
     */
    public VisibilityCheck(String source) {
        this.source = source;
    }

    /**
     * Looks at the queue's attributes, unless it has done so; a failure is no problem of the queue.
     *
     * @param attributes a call that reads them
     */
    @SuppressWarnings("IllegalCatch") // whatever a client throws, the poll that follows shows it
    public void look(Supplier<Map<QueueAttributeName, String>> attributes) {
        if (!isDone.compareAndSet(false, true)) {
            return;
        }
        try {
            judge(attributes.get().get(QueueAttributeName.VISIBILITY_TIMEOUT));
        } catch (RuntimeException e) {
            LOG.debug("{}: cannot read the visibility timeout", source, e);
        }
    }

    private void judge(@Nullable String seconds) {
        if (seconds != null && Long.parseLong(seconds) < SHORTEST.toSeconds()) {
            String found = source + ": a visibility timeout of " + seconds + " s (expected: at least "
                    + SHORTEST.toSeconds() + " s, such as 60 s, so that no message comes again while it is in work)";
            problem = found;
            LOG.warn("{}", found);
        }
    }

    /**
     * The reason why the timeout is too short.
     *
     * @return one sentence; empty if the timeout is long enough or unknown
     */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }
}
