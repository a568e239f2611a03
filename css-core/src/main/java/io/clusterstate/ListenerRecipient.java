package io.clusterstate;

import io.clusterstate.internal.loop.FailureText;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the handlers of a {@link ChangeListener}, and its error handler when one of them throws. */
final class ListenerRecipient implements Recipient {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerRecipient.class);

    /**
     * One call of a handler.
     *
     * @param change the change that it takes; empty for a batch or a notice
     * @param body calls the handler
     */
    record Call(Optional<EntityChange<?>> change, Body body) {}

    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private final ChangeListener listener;
    private final IntFunction<Duration> backoff;

    /**
     * A recipient.
     *
     * @param backoff the pause before a retry, by the number of attempts so far
     */
    ListenerRecipient(ChangeListener listener, IntFunction<Duration> backoff) {
        this.listener = listener;
        this.backoff = backoff;
    }

    @Override
    public boolean isWilling() {
        return true;
    }

    @Override
    public Dispatch tell(ChangeBatch batch, Subscriber subscriber) {
        return new Progress(listener.calls(batch), subscriber);
    }

    @Override
    public boolean listensForNotices() {
        return listener.listensForNotices();
    }

    @Override
    public Dispatch tell(ServiceNotice notice, Subscriber subscriber) {
        return new Progress(listener.calls(notice), subscriber);
    }

    @Override
    public void end(@Nullable Throwable why) {
        LOG.debug("{}: ended: {}", listener, why == null ? "the view is closed" : FailureText.of(why));
    }

    /** The calls of one batch or notice. A retry begins with the call that failed. */
    private final class Progress implements Dispatch {

        private final Iterator<Call> calls;
        private final Subscriber subscriber;
        /** The call that is under way, or is to be retried; null between two. */
        private @Nullable Call current;

        private int attempts;

        Progress(Iterator<Call> calls, Subscriber subscriber) {
            this.calls = calls;
            this.subscriber = subscriber;
        }

        @Override
        public @Nullable Duration run() {
            while (subscriber.mayTell() && (current != null || calls.hasNext())) {
                Call call = current == null ? calls.next() : current;
                current = call;
                attempts++;
                Throwable failure = take(call);
                if (failure != null && handle(call, failure) == ErrorAction.RETRY) {
                    return backoff.apply(attempts);
                }
                current = null;
                attempts = 0;
            }
            return null;
        }

        @SuppressWarnings("IllegalCatch") // a handler may throw anything; the error handler decides
        private @Nullable Throwable take(Call call) {
            try {
                call.body().run();
                return null;
            } catch (Throwable e) {
                return e;
            }
        }

        private ErrorAction handle(Call call, Throwable error) {
            long failures = subscriber.note(error);
            ErrorAction action = ask(new ListenerFailure(error, attempts, call.change()));
            String where = call.change().map(EntityChange::toString).orElse("a batch or notice");
            if (Long.bitCount(failures)
                    == 1) { // the first, second, fourth …, so that a thousand failures do not fill a disk
                LOG.warn("{}: failure {}, at attempt {} of {}: {}", listener, failures, attempts, where, action, error);
            }
            if (action == ErrorAction.CANCEL) {
                subscriber.fail();
            }
            return action;
        }

        @SuppressWarnings("IllegalCatch") // an error handler that throws ends the subscription
        private ErrorAction ask(ListenerFailure failure) {
            try {
                return listener.onError(failure);
            } catch (Throwable e) {
                subscriber.note(e);
                return ErrorAction.CANCEL;
            }
        }
    }
}
