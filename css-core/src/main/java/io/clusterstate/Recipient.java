package io.clusterstate;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The receiver of what a {@link Subscriber} tells. Its methods are called on the subscriber's thread. */
interface Recipient {

    /** A batch or notice on its way to the recipient, which may take several steps. */
    interface Dispatch {

        /**
         * Tells the rest, up to a failure that is to be retried.
         *
         * @return the pause before the next step; null if everything is told
         */
        @Nullable Duration run() throws Exception;
    }

    /** Takes the place of a recipient whose subscription has ended, so that the garbage collector can have that. */
    Recipient NOBODY = new Recipient() {
        @Override
        public boolean isWilling() {
            return false;
        }

        @Override
        public Dispatch tell(ChangeBatch batch, Subscriber subscriber) {
            return () -> null;
        }

        @Override
        public boolean listensForNotices() {
            return false;
        }

        @Override
        public Dispatch tell(ServiceNotice notice, Subscriber subscriber) {
            return () -> null;
        }

        @Override
        public void end(@Nullable Throwable why) {}
    };

    /** Whether the recipient takes one more batch now. */
    boolean isWilling();

    /** Begins to tell a batch. */
    Dispatch tell(ChangeBatch batch, Subscriber subscriber);

    /** Whether the recipient takes notices. */
    boolean listensForNotices();

    /** Begins to tell a notice. */
    Dispatch tell(ServiceNotice notice, Subscriber subscriber);

    /**
     * The end of the subscription; not called after a cancellation.
     *
     * @param why the failure; null if the view was closed
     */
    void end(@Nullable Throwable why);
}
