package io.clusterstate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.JournalCursor.Start;
import io.clusterstate.testing.Promise;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SubscriberTest {

    private volatile Runnable looked = () -> {};
    private final CountDownLatch told = new CountDownLatch(1);

    @Test
    @Promise(9)
    void aWakeUpBetweenTheLookAndTheWaitIsNotLost() throws Exception {
        try (Watched watched = Watched.live()) {
            JournalCursor cursor =
                    new JournalCursor(watched.store.journal(), ChangeFilter.NONE, Start.INITIAL, Long.MAX_VALUE);
            Subscriptions subscriptions = new Subscriptions(watched.store.journal(), new TestHost(), Thread::new);
            Subscriber subscriber = new Subscriber("late", cursor, new WillingWhenLookedAt(), subscriptions);
            looked = subscriber::wake;

            subscriber.start(Thread::new);

            assertTrue(told.await(30, TimeUnit.SECONDS), "sleeps although it was woken");
            subscriber.cancel();
            assertTrue(subscriber.join(Watched.LIMIT));
        }
    }

    /** Is willing right after it has said that it is not, and wakes its subscriber. */
    private final class WillingWhenLookedAt implements Recipient {

        private boolean isWilling;

        @Override
        public boolean isWilling() {
            boolean before = isWilling;
            if (!before) {
                isWilling = true;
                looked.run();
            }
            return before;
        }

        @Override
        public Dispatch tell(ChangeBatch batch, Subscriber teller) {
            return () -> {
                told.countDown();
                return null;
            };
        }

        @Override
        public boolean listensForNotices() {
            return false;
        }

        @Override
        public Dispatch tell(ServiceNotice notice, Subscriber teller) {
            throw new AssertionError("no notice was sent");
        }

        @Override
        public void end(@Nullable Throwable why) {}
    }
}
