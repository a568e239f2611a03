package io.clusterstate.examples.stateserver;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.ChangeListenerBuilder;
import io.clusterstate.ClusterStateView;
import io.clusterstate.ErrorAction;
import io.clusterstate.ListenerFailure;
import io.clusterstate.NotReadyException;
import io.clusterstate.RevisionOutOfRangeException;
import io.clusterstate.Subscription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of a stream, one for each place, so that a place which lags or resets harms no other. The receiver
 * gets one call at a time.
 *
 * <p>A place begins after the revision that the client has seen. If it cannot, it begins with a reset: if its changes
 * are no longer kept, if the client's revisions lack the place, or once the place becomes ready.
 */
final class Following {

    /** The stream of a client. */
    interface Receiver {

        /** Takes changes of a place. The client has seen {@code after} once it has taken them. */
        void changes(String place, ChangeBatch batch, Revisions after) throws IOException, InterruptedException;

        /** Takes the news that changes of a place are missing, so that the client has to list the place. */
        void reset(String place, long since, Revisions after) throws IOException, InterruptedException;

        /** Takes such news before the stream is open. */
        void resetAtFirst(String place, @Nullable Long since, Revisions after) throws IOException;

        ErrorAction fail(ListenerFailure failure);
    }

    private final String name;
    private final Receiver receiver;
    private final List<Subscription> subscriptions = new ArrayList<>();
    /** Held during a call of the receiver, which may wait for its client. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private volatile Revisions seen;

    private Following(String name, Receiver receiver, Revisions seen) {
        this.name = name;
        this.receiver = receiver;
        this.seen = seen;
    }

    /**
     * Follows all places.
     *
     * @param after the revisions that the client has seen; null for the changes from now on
     * @return an action that ends all subscriptions
     */
    static Runnable begin(String name, Places places, @Nullable Revisions after, Receiver receiver) throws IOException {
        Revisions start = startOf(places, after);
        Following following = new Following(name, receiver, start);
        try {
            following.addAll(places, after);
        } catch (IOException | RuntimeException e) {
            following.cancel();
            throw e;
        }
        return following::cancel;
    }

    /** The first changes wait, since their revisions include those of each reset. */
    private void addAll(Places places, @Nullable Revisions after) throws IOException {
        turn.lock();
        try {
            for (Map.Entry<String, ClusterStateView> each : places.views().entrySet()) {
                seen = addIfOpen(places, each.getKey(), each.getValue(), after, seen);
            }
        } finally {
            turn.unlock();
        }
    }

    /** The revisions of the ready places: those of the client, or else the present ones. */
    private static Revisions startOf(Places places, @Nullable Revisions after) {
        Revisions start = Revisions.NONE;
        for (Map.Entry<String, ClusterStateView> each : places.views().entrySet()) {
            if (each.getValue().isReady()) {
                Long known = after == null ? null : after.of().get(each.getKey());
                start = start.with(
                        each.getKey(),
                        known == null ? each.getValue().snapshot().revision() : known);
            }
        }
        return start;
    }

    /** Leaves out one of several places that has ended, as the freshness says. It ends no stream of the others. */
    private Revisions addIfOpen(
            Places places, String place, ClusterStateView view, @Nullable Revisions after, Revisions start)
            throws IOException {
        try {
            return add(place, view, after, start);
        } catch (NotReadyException e) {
            if (places.areSeveral()) {
                return start;
            }
            throw e;
        }
    }

    /** Follows a place, and returns the revisions after a reset of it. */
    private Revisions add(String place, ClusterStateView view, @Nullable Revisions after, Revisions start)
            throws IOException {
        Long from = start.of().get(place);
        if (from == null) {
            subscriptions.add(view.subscribe(listener(place).build()));
            return start;
        }
        ChangeListener live = listener(place).liveOnly().build();
        if (after == null) {
            subscriptions.add(view.subscribe(live));
            return start;
        }
        Long known = after.of().get(place);
        if (known != null && resumes(view, live, known)) {
            return start;
        }
        Revisions reset = start.with(place, view.snapshot().revision());
        receiver.resetAtFirst(place, known, reset);
        subscriptions.add(view.subscribe(live));
        return reset;
    }

    private boolean resumes(ClusterStateView view, ChangeListener live, long after) {
        try {
            subscriptions.add(view.subscribe(live, after));
            return true;
        } catch (RevisionOutOfRangeException e) {
            return false;
        }
    }

    private ChangeListenerBuilder listener(String place) {
        return ChangeListener.builder()
                .named(name)
                .onBatch(batch -> take(place, batch))
                .onError(receiver::fail);
    }

    private void take(String place, ChangeBatch batch) throws IOException, InterruptedException {
        turn.lock();
        try {
            seen = seen.with(place, batch.revision());
            if (batch.type() == ChangeBatch.Type.LIVE) {
                receiver.changes(place, batch, seen);
            } else {
                receiver.reset(place, batch.since(), seen);
            }
        } finally {
            turn.unlock();
        }
    }

    private void cancel() {
        subscriptions.forEach(Subscription::cancel);
    }
}
