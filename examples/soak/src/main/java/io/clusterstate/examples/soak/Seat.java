package io.clusterstate.examples.soak;

import io.clusterstate.ClusterStateView;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place in the deployment where one process after another serves a view: a mirror or a reader.
 *
 * <p>Thread: one thread at a time starts and replaces; any thread reads.
 */
final class Seat implements AutoCloseable {

    private final String name;
    private final List<Account> accounts;
    private final Function<TrackedThreads, Occupant> maker;
    private final Function<ClusterStateView, Watch> watcher;
    private final Watches watches;
    private final FlatThreads flatThreads;
    private volatile @Nullable Place place;

    /**
     * A mirror or a reader.
     *
     * @param view its view
     * @param start starts it
     * @param problems its problems, for people
     * @param close ends it
     */
    record Occupant(ClusterStateView view, Runnable start, Supplier<List<String>> problems, Runnable close) {}

    private record Place(Occupant occupant, TrackedThreads threads, Watch watch) {}

    Seat(
            String name,
            List<Account> accounts,
            Function<TrackedThreads, Occupant> maker,
            Function<ClusterStateView, Watch> watcher,
            Watches watches,
            FlatThreads flatThreads) {
        this.name = name;
        this.accounts = accounts;
        this.maker = maker;
        this.watcher = watcher;
        this.watches = watches;
        this.flatThreads = flatThreads;
    }

    String name() {
        return name;
    }

    /** The accounts that the view shows. */
    List<Account> accounts() {
        return accounts;
    }

    void start() {
        place = occupy();
    }

    private Place occupy() {
        TrackedThreads threads = new TrackedThreads();
        Occupant occupant = maker.apply(threads);
        Watch watch = watcher.apply(occupant.view());
        occupant.start().run();
        return new Place(occupant, threads, watch);
    }

    /** Starts a successor beside the present process; the result ends the former. */
    Runnable succeed() {
        Place former = current();
        place = occupy();
        return () -> retire(former);
    }

    private void retire(Place former) {
        watches.end(former.watch());
        former.occupant().close().run();
        flatThreads.closed(name, former.threads());
    }

    Watch watch() {
        return current().watch();
    }

    ClusterStateView view() {
        return current().occupant().view();
    }

    List<String> problems() {
        return current().occupant().problems().get();
    }

    private Place current() {
        Place current = place;
        if (current == null) {
            throw new IllegalStateException(name + ": not started (expected: started)");
        }
        return current;
    }

    @Override
    public void close() {
        Place last = place;
        if (last != null) {
            retire(last);
        }
    }
}
