package io.clusterstate;

import io.clusterstate.Recipient.Dispatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A recipient's subscriptions to the members of a composite view. Each is a {@link Subscriber} of its member, with that
 * member's journal, place and thread. Here they share the recipient: one at a time calls it. Calls within the time of
 * one look come in the order of arrival; a thread that looks whether it may still tell waits anew.
 *
 * <p>Thread: safe for any thread.
 */
final class MergedSubscription implements Subscription {

    /** A thread that waits for its call looks this often whether its member has ended. */
    private static final long LOOK_MILLIS = 50;

    private final String name;
    private final Recipient recipient;
    private final ReentrantLock calls = new ReentrantLock(true);
    /** Calls that came up while the same thread was within another, as with fakes. */
    private final Queue<Runnable> postponed = new ConcurrentLinkedQueue<>();
    /** Complete before the first call. */
    private final List<Part> parts = new ArrayList<>();

    private boolean isFailed;
    private int ended;
    private @Nullable Throwable firstFailure;

    /** No subscription yet. */
    MergedSubscription(String name, Recipient recipient) {
        this.name = name;
        this.recipient = recipient;
    }

    /** Adds the subscription to a member, which is told nothing before {@link #begin}. */
    void add(CompositeMember member, JournalCursor cursor) {
        parts.add(new Part(member, cursor));
    }

    /** Begins to tell all that was added. */
    void begin() {
        boolean isBegun = false;
        try {
            parts.forEach(Part::begin);
            isBegun = true;
        } finally {
            if (!isBegun) {
                cancel(); // the caller gets the error that there is no thread
            }
        }
    }

    /** Wakes the threads of all members. */
    void wake() {
        parts.forEach(part -> part.subscriber.wake());
    }

    @Override
    public void cancel() {
        parts.forEach(part -> part.subscriber.cancel());
    }

    @Override
    public SubscriptionStatus status() {
        Map<String, SubscriptionStatus> members = new LinkedHashMap<>();
        parts.forEach(part -> members.put(part.member.name(), part.subscriber.status()));
        return new SubscriptionStatus(
                name,
                members.values().stream().anyMatch(SubscriptionStatus::isActive),
                sum(members, SubscriptionStatus::behind),
                sum(members, SubscriptionStatus::batches),
                sum(members, SubscriptionStatus::resets),
                sum(members, SubscriptionStatus::failures),
                members.entrySet().stream()
                        .flatMap(each -> each.getValue().lastFailure().stream()
                                .map(failure -> "member " + each.getKey() + ": " + failure))
                        .findFirst(),
                Collections.unmodifiableMap(members));
    }

    private static long sum(Map<String, SubscriptionStatus> members, ToLongFunction<SubscriptionStatus> number) {
        return members.values().stream().mapToLong(number).sum();
    }

    /** The end of a member's subscription: a failure of the recipient ends all, and else the last end does. */
    private void ended(Part part, @Nullable Throwable why) {
        boolean isOfRecipient = part.subscriber.hasFailed();
        boolean isEnd;
        synchronized (parts) {
            ended++;
            firstFailure = firstFailure == null ? why : firstFailure;
            isEnd = !isFailed && (isOfRecipient || ended == parts.size());
            isFailed |= isOfRecipient;
        }
        if (isOfRecipient) {
            cancel();
        }
        if (isEnd) {
            calls.lock(); // after the call that is under way
            try {
                recipient.end(isOfRecipient ? why : firstFailure);
            } finally {
                calls.unlock();
            }
        }
    }

    /** The subscription to a member, and the recipient as that member's subscriber sees it. */
    private final class Part implements Recipient {

        private final CompositeMember member;
        private final Subscriber subscriber;

        Part(CompositeMember member, JournalCursor cursor) {
            this.member = member;
            this.subscriber = member.view().subscribers().subscriber(name, cursor, this);
        }

        void begin() {
            member.view().subscribers().begin(subscriber);
        }

        @Override
        public boolean isWilling() {
            return recipient.isWilling();
        }

        @Override
        public Dispatch tell(ChangeBatch batch, Subscriber from) {
            return new Turn(this, () -> recipient.tell(batch.of(member.name()), from));
        }

        @Override
        public boolean listensForNotices() {
            return recipient.listensForNotices();
        }

        @Override
        public Dispatch tell(ServiceNotice notice, Subscriber from) {
            return new Turn(this, () -> recipient.tell(notice, from));
        }

        @Override
        public void end(@Nullable Throwable why) {
            ended(this, why);
        }
    }

    /** A batch or notice that waits until no other member calls the recipient. */
    private final class Turn implements Dispatch {

        private final Part part;
        private final Supplier<Dispatch> beginning;
        private @Nullable Dispatch begun;

        Turn(Part part, Supplier<Dispatch> beginning) {
            this.part = part;
            this.beginning = beginning;
        }

        @Override
        public @Nullable Duration run() throws Exception {
            if (calls.isHeldByCurrentThread()) {
                postponed.add(part.member.view().subscribers()::notice);
                return Duration.ZERO;
            }
            while (!calls.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (!part.subscriber.mayTell()) {
                    return null;
                }
            }
            try {
                return part.subscriber.mayTell() ? runAlone() : null;
            } finally {
                calls.unlock();
                runPostponed();
            }
        }

        private @Nullable Duration runAlone() throws Exception {
            Dispatch dispatch = begun;
            if (dispatch == null) {
                if (!recipient.isWilling()) {
                    return Duration.ZERO; // another member has used up the demand
                }
                dispatch = beginning.get();
                begun = dispatch;
            }
            Duration pause = dispatch.run();
            if (part.subscriber.hasFailed()) {
                MergedSubscription.this.cancel();
            }
            return pause;
        }

        private void runPostponed() {
            for (Runnable next = postponed.poll(); next != null; next = postponed.poll()) {
                next.run();
            }
        }
    }
}
