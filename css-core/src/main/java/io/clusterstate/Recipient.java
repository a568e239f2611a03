package io.clusterstate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whom a {@link Subscriber} tells. All but {@link #isWilling} is called on the subscriber's thread. */
interface Recipient {

    /** How far the telling of a batch got. */
    interface Dispatch {

        /**
         * Tells the rest, or as much as can be told now.
         *
         * @return the pause after which to go on; null if all is told
         */
        @Nullable Duration run() throws Exception;
    }

    /** In the place of one whose subscription has ended, so that it is not held for longer. */
    Recipient NOBODY = new Recipient() {
        @Override
        public boolean isWilling() {
            return false;
        }

        @Override
        public Dispatch tell(ChangeBatch batch, Subscriber teller) {
            return () -> null;
        }

        @Override
        public boolean listensForNotices() {
            return false;
        }

        @Override
        public Dispatch tell(ServiceNotice notice, Subscriber teller) {
            return () -> null;
        }

        @Override
        public void end(@Nullable Throwable why) {}
    };

    /** Whether one more batch may be told. */
    boolean isWilling();

    /** How to tell a batch. */
    Dispatch tell(ChangeBatch batch, Subscriber teller);

    /** Whether it is told what happened to services. */
    boolean listensForNotices();

    /** How to tell what happened to a service. */
    Dispatch tell(ServiceNotice notice, Subscriber teller);

    /**
     * No more will be told; not called after a cancellation.
     *
     * @param why what failed; null if the view was closed
     */
    void end(@Nullable Throwable why);
}
