package io.clusterstate.examples.soak;

import io.clusterstate.ClusterStateView;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** All watches, and the thread that reads the snapshots of all views and samples the truth. */
final class Watches implements AutoCloseable {

    private static final Duration EVERY = Duration.ofMillis(150);

    private final Findings findings;
    private final List<Account> accounts;
    private final List<Watch> open = new CopyOnWriteArrayList<>();
    private final AtomicLong endedChanges = new AtomicLong();
    private final AtomicLong endedResets = new AtomicLong();
    private final Thread reader = new Thread(this::run, "soak-reader");

    Watches(Findings findings, List<Account> accounts) {
        this.findings = findings;
        this.accounts = accounts;
        reader.setDaemon(true);
    }

    void start() {
        accounts.forEach(account -> account.journal().sample());
        reader.start();
    }

    /**
     * Watches a view.
     *
     * @param name the name, for people
     * @param account the account that the view shows
     * @param view the view
     * @param mayGoBack whether a backup of the view's store was restored lately
     * @param isClockAhead whether a clock of a mirror of that store was ahead lately
     */
    Watch watch(
            String name,
            Account account,
            ClusterStateView view,
            BooleanSupplier mayGoBack,
            BooleanSupplier isClockAhead) {
        TruthJournal truth = account.journal();
        Watch watch = new Watch(
                name,
                view,
                findings,
                List.of(
                        new VersionsNeverBack(name, findings, mayGoBack),
                        new NoResurrection(name, findings, truth, mayGoBack),
                        new AbsenceProven(name, findings, truth, mayGoBack),
                        new NothingInvented(name, findings, truth),
                        new FreshnessHonest(name, findings, truth, isClockAhead),
                        new RebuiltEqual(name, findings)));
        open.add(watch);
        return watch;
    }

    /** Watches a composite view of these members. */
    Watch watchComposite(String name, ClusterStateView view, Set<String> members, BooleanSupplier mayGoBack) {
        Watch watch = new Watch(
                name,
                view,
                findings,
                List.of(new VersionsNeverBack(name, findings, mayGoBack), new CompositeEqual(name, findings, members)));
        open.add(watch);
        return watch;
    }

    /** Ends a watch. */
    void end(Watch watch) {
        watch.close();
        if (open.remove(watch)) {
            endedChanges.addAndGet(watch.changes());
            endedResets.addAndGet(watch.resets());
        }
    }

    List<Watch> open() {
        return open;
    }

    /** The number of changes that all listeners received. */
    long changes() {
        return endedChanges.get() + open.stream().mapToLong(Watch::changes).sum();
    }

    /** The number of resets that all listeners received. */
    long resets() {
        return endedResets.get() + open.stream().mapToLong(Watch::resets).sum();
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                accounts.forEach(account -> account.journal().sample());
                open.forEach(Watch::look);
                TimeUnit.MILLISECONDS.sleep(EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            findings.broken("Reader", "the reader of all views", e.toString());
        }
    }

    @Override
    public void close() {
        reader.interrupt();
        open.forEach(this::end);
    }
}
