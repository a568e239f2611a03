package io.clusterstate;

import io.clusterstate.internal.loop.FailureText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a {@link ChangeListener}, change by change, and asks it what to do where it fails. */
final class ListenerRecipient implements Recipient {

    private static final Logger LOG = LoggerFactory.getLogger(ListenerRecipient.class);

    /**
     * One call of the listener.
     *
     * @param change what it is told of; empty for anything but a change
     */
    record Call(Optional<EntityChange<?>> change, Body body) {}

    /** What a listener does when called. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private final ChangeListener listener;
    private final IntFunction<Duration> backoff;

    /**
     * A recipient.
     *
     * @param backoff how long to pause after so many failures in a row
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
    public Dispatch tell(ChangeBatch batch, Subscriber teller) {
        return new Progress(listener.calls(batch), teller);
    }

    @Override
    public boolean listensForNotices() {
        return listener.listensForNotices();
    }

    @Override
    public Dispatch tell(ServiceNotice notice, Subscriber teller) {
        return new Progress(listener.calls(notice), teller);
    }

    @Override
    public void end(@Nullable Throwable why) {
        LOG.debug("{} is told no more: {}", listener, why == null ? "the view is closed" : FailureText.of(why));
    }

    /** Goes on, after a pause, with the call that failed. */
    private final class Progress implements Dispatch {

        private final List<Call> calls;
        private final Subscriber teller;
        private int next;
        private int attempts;

        Progress(List<Call> calls, Subscriber teller) {
            this.calls = calls;
            this.teller = teller;
        }

        @Override
        public @Nullable Duration run() {
            while (next < calls.size() && teller.mayTell()) {
                attempts++;
                Throwable failure = take(calls.get(next));
                if (failure != null && handle(failure) == ErrorAction.RETRY) {
                    return backoff.apply(attempts);
                }
                next++;
                attempts = 0;
            }
            return null;
        }

        @SuppressWarnings("IllegalCatch") // a listener may throw whatever it likes; it is asked what to do
        private @Nullable Throwable take(Call call) {
            try {
                call.body().run();
                return null;
            } catch (Throwable e) {
                return e;
            }
        }

        private ErrorAction handle(Throwable error) {
            long failures = teller.note(error);
            Call call = calls.get(next);
            ErrorAction action = ask(new ListenerFailure(error, attempts, call.change()));
            String where = call.change().map(EntityChange::toString).orElse("a batch or notice");
            if (Long.bitCount(failures) == 1) { // the first, second, fourth …: who fails a thousand times fills no disk
                LOG.warn("{}: failure {}, at attempt {} of {}: {}", listener, failures, attempts, where, action, error);
            }
            if (action == ErrorAction.CANCEL) {
                teller.fail();
            }
            return action;
        }

        @SuppressWarnings("IllegalCatch") // who cannot even say what to do is told no more
        private ErrorAction ask(ListenerFailure failure) {
            try {
                return listener.onError(failure);
            } catch (Throwable e) {
                teller.note(e);
                return ErrorAction.CANCEL;
            }
        }
    }
}
