package io.clusterstate.examples.soak;

import io.clusterstate.CompositeView;
import io.clusterstate.etcd.EtcdStateReader;
import io.clusterstate.examples.soak.Seat.Occupant;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.spi.StateStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that runs: two simulated accounts and an etcd. Three mirrors and two readers of the first account share
 * that etcd, and one of the mirrors is a process of its own. A mirror of the second account has a store in memory.
 *
 * <p>Thread: the seats and etcd by one thread at a time each; the rest is safe for any thread.
 */
final class World implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(World.class);
    private static final Account.Size EAST = new Account.Size("east", "us-east-1", "111122223333", 3, 240);
    private static final Account.Size WEST = new Account.Size("west", "eu-west-1", "444455556666", 2, 80);
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration THREADS_END_WITHIN = Duration.ofSeconds(20);
    /** A pass that began by the wrong clock ends, and the next one corrects it. */
    private static final Duration CLOCK_FORGOTTEN = Duration.ofSeconds(20);

    private final Findings findings;
    private final Restores restores = new Restores();
    private final List<Account> accounts = new ArrayList<>();
    private final List<SteppedClock> clocks = new ArrayList<>();
    private final List<Seat> seats = new ArrayList<>();
    private final Seat composite;
    private final SoakEtcd etcd;
    private final Watches watches;
    private final FlatThreads flatThreads;
    private final ChildMirror child;

    private World(long seed, Path folder, Findings findings) throws IOException, InterruptedException {
        this.findings = findings;
        this.flatThreads = new FlatThreads(findings, THREADS_END_WITHIN);
        this.etcd = SoakEtcd.start(folder); // first, since it alone may well fail
        accounts.add(new Account(EAST, seed));
        accounts.add(new Account(WEST, seed + 1));
        this.watches = new Watches(findings, accounts);
        seats.add(sharedMirror("mirror-1"));
        seats.add(sharedMirror("mirror-2"));
        seats.add(memoryMirror("mirror-west"));
        seats.add(reader("reader-1"));
        seats.add(reader("reader-2"));
        this.composite = composite();
        this.child = new ChildMirror(
                MirrorProcess.arguments(
                        accounts.get(0),
                        etcd.newLink(),
                        etcd.certificates().certificate(),
                        etcd.certificates().key()),
                folder.resolve("child.log"));
    }

    /** Starts everything, and waits until all views are ready. */
    static World open(long seed, Path folder, Findings findings)
            throws IOException, InterruptedException, TimeoutException {
        World world = new World(seed, folder, findings);
        try {
            world.start();
        } catch (InterruptedException | TimeoutException | RuntimeException e) {
            world.close();
            throw e;
        }
        return world;
    }

    private void start() throws InterruptedException, TimeoutException {
        watches.start();
        seats.forEach(Seat::start);
        for (Seat seat : seats) {
            seat.view().awaitReady(READY_WITHIN);
        }
        composite.start();
    }

    /**
     * Replaces the process of a seat by a successor, which is started first, as a rolling deployment does.
     *
     * @param limit the limit of the wait for the successor, which other faults may hold up
     */
    void replace(Seat seat, Duration limit) throws InterruptedException {
        Runnable retire = seat.succeed();
        try {
            seat.view().awaitReady(limit);
        } catch (TimeoutException e) {
            LOG.warn("{}: not ready within {}: {}", seat.name(), limit, e.getMessage());
        }
        composite.succeed().run();
        retire.run();
    }

    /** A composite view of a reader of the first account and the mirror of the second. */
    private Seat composite() {
        Map<String, Seat> members = Map.of("east", seats.get(3), "west", seats.get(2));
        return new Seat(
                "composite",
                accounts,
                threads -> new Occupant(
                        CompositeView.of(members.entrySet().stream()
                                .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue()
                                        .view()))),
                        () -> {},
                        List::of,
                        () -> {}),
                view -> watches.watchComposite("composite", view, members.keySet(), restores::mayGoBack),
                watches,
                flatThreads);
    }

    private Seat sharedMirror(String name) {
        EtcdLink link = etcd.newLink();
        SteppedClock clock = newClock();
        return seat(
                name,
                accounts.get(0),
                threads -> mirror(
                        name,
                        accounts.get(0),
                        MirrorSettings.store(etcd.over(link), clock, threads),
                        clock,
                        threads,
                        restores::mayGoBack),
                restores::mayGoBack,
                () -> wasAhead(clocks.subList(0, 2)));
    }

    private Seat memoryMirror(String name) {
        SteppedClock clock = newClock();
        return seat(
                name,
                accounts.get(1),
                threads -> mirror(
                        name,
                        accounts.get(1),
                        new MemoryStateStore(
                                MirrorSettings.KEEP_ENDED,
                                MirrorSettings.KEEP_TOMBSTONES,
                                clock,
                                MirrorSettings.journal()),
                        clock,
                        threads,
                        () -> false),
                () -> false,
                () -> wasAhead(List.of(clock)));
    }

    private Seat reader(String name) {
        EtcdLink link = etcd.newLink();
        return seat(
                name,
                accounts.get(0),
                threads -> {
                    EtcdStateReader reader = EtcdStateReader.of(
                            etcd.over(link), MirrorSettings.journal(), InstantSource.system(), threads);
                    return new Occupant(reader.view(), reader::start, reader::problems, reader::close);
                },
                restores::mayGoBack,
                () -> wasAhead(clocks.subList(0, 2)));
    }

    private SteppedClock newClock() {
        SteppedClock clock = new SteppedClock();
        clocks.add(clock);
        return clock;
    }

    private static boolean wasAhead(List<SteppedClock> clocks) {
        return clocks.stream().anyMatch(clock -> clock.wasAheadWithin(CLOCK_FORGOTTEN));
    }

    private Seat seat(
            String name,
            Account account,
            Function<TrackedThreads, Occupant> maker,
            BooleanSupplier mayGoBack,
            BooleanSupplier isClockAhead) {
        return new Seat(
                name,
                List.of(account),
                maker,
                view -> watches.watch(name, account, view, mayGoBack, isClockAhead),
                watches,
                flatThreads);
    }

    private Occupant mirror(
            String name,
            Account account,
            StateStore store,
            InstantSource clock,
            ThreadFactory threads,
            BooleanSupplier mayGoBack) {
        SettledIsSafe law = new SettledIsSafe(name, findings, account.journal(), store, mayGoBack);
        CheckedSource source = new CheckedSource(
                MirrorSettings.events(account.sqs(), account.simulator().queueUrl(), clock), law);
        ClusterMirror mirror = MirrorSettings.mirror(account.ecs(), source, store, clock, threads);
        return new Occupant(mirror.view(), mirror::start, () -> mirror.status().problems(), mirror::close);
    }

    List<Account> accounts() {
        return accounts;
    }

    /** An account, by a number. */
    Account account(int number) {
        return Account.pick(number, accounts);
    }

    SoakEtcd etcd() {
        return etcd;
    }

    List<Seat> seats() {
        return seats;
    }

    List<SteppedClock> clocks() {
        return clocks;
    }

    ChildMirror child() {
        return child;
    }

    Watches watches() {
        return watches;
    }

    Restores restores() {
        return restores;
    }

    FlatThreads flatThreads() {
        return flatThreads;
    }

    /** The seats, and the composite view over some of them. */
    List<Seat> allViews() {
        return Stream.concat(seats.stream(), Stream.of(composite)).toList();
    }

    @Override
    public void close() {
        child.close();
        watches.close();
        composite.close();
        seats.forEach(Seat::close);
        etcd.close();
        accounts.forEach(Account::close);
    }
}
