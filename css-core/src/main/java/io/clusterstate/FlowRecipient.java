package io.clusterstate;

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a {@link Flow.Subscriber} as many batches as it has requested. */
final class FlowRecipient implements Recipient {

    private static final Logger LOG = LoggerFactory.getLogger(FlowRecipient.class);

    private final Flow.Subscriber<? super ChangeBatch> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private volatile @Nullable IllegalArgumentException mistake;

    /** A recipient without demand. */
    FlowRecipient(Flow.Subscriber<? super ChangeBatch> subscriber) {
        this.subscriber = subscriber;
    }

    /**
     * Adds to the demand. A number below 1 breaks rule 3.9 of Reactive Streams and ends the subscription by an error.
     *
     * @return whether the thread that tells must be woken
     */
    boolean request(long batches) {
        if (batches <= 0) {
            mistake = new IllegalArgumentException("request: " + batches + " (expected: at least 1; rule 3.9)");
        }
        long before = demand.getAndAccumulate(Math.max(0, batches), FlowRecipient::sumUpTo);
        return before == 0 || mistake != null;
    }

    private static long sumUpTo(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    @Override
    public boolean isWilling() {
        IllegalArgumentException asked = mistake;
        if (asked != null) {
            throw asked;
        }
        return demand.get() > 0;
    }

    @Override
    @SuppressWarnings("IllegalCatch") // a subscriber that throws breaks rule 2.13 and counts as cancelled
    public Dispatch tell(ChangeBatch batch, Subscriber from) {
        demand.updateAndGet(left -> left == Long.MAX_VALUE ? left : left - 1);
        return () -> {
            try {
                subscriber.onNext(batch);
            } catch (Throwable e) {
                LOG.warn("{}: threw, so its subscription ends", subscriber, e);
                from.note(e);
                from.fail();
            }
            return null;
        };
    }

    @Override
    public boolean listensForNotices() {
        return false;
    }

    @Override
    public Dispatch tell(ServiceNotice notice, Subscriber from) {
        throw new UnsupportedOperationException("notice: " + notice + " (expected: batches alone)");
    }

    @Override
    public void end(@Nullable Throwable why) {
        if (why == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(why);
        }
    }
}
