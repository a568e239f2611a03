package io.clusterstate.internal.expect;

import static java.util.Objects.requireNonNull;

import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.Expectation;
import io.clusterstate.Expectations;
import io.clusterstate.NotReadyException;
import io.clusterstate.Observed;
import io.clusterstate.Requirement;
import io.clusterstate.Reservation;
import io.clusterstate.Snapshot;
import io.clusterstate.spi.SnapshotEditor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.RunTaskResponse;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * The expectations of a process over a view. The ledger is replaced by compare-and-set, so that neither a reader nor a
 * writer waits. A reader takes the ledger first and the snapshot after it: what a later snapshot has settled is then in
 * one of the two.
 */
public final class OpenExpectations implements Expectations {

    private static final Logger LOG = LoggerFactory.getLogger(OpenExpectations.class);

    /** The time between two looks at what is due, while something is open. */
    private static final Duration GLANCE = Duration.ofMillis(250);

    private final ClusterStateView view;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Runnable wakeUp;
    private final boolean asks;
    private final AtomicReference<Ledger> ledger = new AtomicReference<>(Ledger.EMPTY);
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Object due = new Object();
    private volatile @Nullable Laid laid;

    /**
     * An overlay with all that it was made of.
     *
     * @param until the monotonic time up to which time alone changes nothing
     */
    private record Laid(Snapshot base, Ledger ledger, Snapshot snapshot, long until) {}

    /** A snapshot of the view, and what is open beside it. */
    private record Settled(Snapshot base, Ledger left) {}

    /**
     * Creates expectations without any.
     *
     * @param view the view that they are laid over
     * @param clock the wall clock
     * @param nanos the monotonic time
     * @param wakeUp wakes the threads that wait in the view
     * @param asks whether somebody takes each {@link Inquiry} and asks ECS
     */
    public OpenExpectations(
            ClusterStateView view, InstantSource clock, LongSupplier nanos, Runnable wakeUp, boolean asks) {
        this.view = view;
        this.clock = clock;
        this.nanos = nanos;
        this.wakeUp = wakeUp;
        this.asks = asks;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // an equal one that is not the same is only laid over again
    public Snapshot snapshot() {
        Laid last = laid;
        Ledger open = current();
        Snapshot base = view.snapshot();
        if (open.isEmpty()) {
            forgetOverlay();
            return base;
        }
        if (last != null && last.base == base && last.ledger == open && nanos.getAsLong() - last.until < 0) {
            return last.snapshot;
        }
        Settled settled = settle();
        Snapshot snapshot = Overlay.of(settled.base, settled.left);
        if (!settled.left.isEmpty()) {
            laid = new Laid(settled.base, settled.left, snapshot, Agenda.next(settled.left, nanos.getAsLong()));
        }
        return snapshot;
    }

    /** Forgets the last overlay once nothing is open: it would keep an old snapshot alive. */
    private void forgetOverlay() {
        if (laid != null) { // a read by many threads writes nothing
            laid = null;
        }
    }

    @Override
    public void launched(RunTaskResponse response) {
        launched(response.tasks());
    }

    @Override
    public void launched(StartTaskResponse response) {
        launched(response.tasks());
    }

    private void launched(List<Task> tasks) {
        List<Launch> launches = launches(tasks);
        change((open, base) -> {
            Ledger next = open;
            for (Launch launch : launches) {
                next = Entry.launched(next, base, launch, Footprint.NONE, now());
            }
            return next;
        });
    }

    List<Launch> launches(List<Task> tasks) {
        Noted now = now();
        return tasks.stream().map(task -> Entry.launch(task, now)).toList();
    }

    @Override
    public void stopping(String taskArn) {
        change((open, base) -> Entry.stopping(open, base, taskArn, now()));
    }

    @Override
    public Reservation reserve(String instanceArn, Requirement... needs) {
        Snapshot base = view.snapshot();
        Observed<ContainerInstance> instance = base.observed(EntityKind.INSTANCE, instanceArn)
                .orElseThrow(() -> new IllegalArgumentException(
                        "instanceArn: " + instanceArn + " (expected: the ARN of a container instance in the view)"));
        requireRoom();
        Hold hold = new Hold(
                lastId.incrementAndGet(),
                instanceArn,
                instance.clusterArn(),
                Footprint.of(List.of(needs)),
                null,
                base,
                now(),
                null);
        change((open, now) -> Entry.reserved(open, now, hold, now()));
        return new HeldRoom(this, hold.id(), instanceArn);
    }

    Ledger current() {
        return requireNonNull(ledger.get());
    }

    private void requireRoom() {
        if (current().size() >= MOST) {
            throw new IllegalStateException("reserve: " + MOST + " expectations are open (expected: fewer)");
        }
    }

    @Override
    public void unknown(String cluster, String startedBy) {
        Hold hold = new Hold(
                lastId.incrementAndGet(),
                null,
                cluster,
                Footprint.NONE,
                startedBy,
                SnapshotEditor.empty(),
                now(),
                Hold.Asking.from(nanos.getAsLong()));
        change((open, now) -> open.with(hold));
    }

    @Override
    public List<Expectation> open() {
        Ledger open = view.isReady() ? settle().left : current();
        List<Expectation> all = new ArrayList<>();
        open.launches().values().forEach(it -> all.add(open(Expectation.Type.LAUNCHED, it.arn(), it.noted())));
        open.stops().values().forEach(it -> all.add(open(Expectation.Type.STOPPING, it.arn(), it.noted())));
        open.holds()
                .values()
                .forEach(it -> all.add(open(
                        it.isUnknown() ? Expectation.Type.UNKNOWN : Expectation.Type.RESERVED,
                        it.instanceArn() == null ? String.valueOf(it.mark()) : it.instanceArn(),
                        it.noted())));
        return List.copyOf(all);
    }

    private static Expectation open(Expectation.Type type, String about, Noted noted) {
        return new Expectation(type, about, noted.at());
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    @Override
    public Snapshot awaitSettled(Duration limit) throws TimeoutException, InterruptedException {
        waiting.incrementAndGet();
        try {
            view.awaitUntil(snapshot -> settle().left.size() == 0, limit);
            return view.snapshot();
        } catch (TimeoutException e) {
            throw (TimeoutException) new TimeoutException("open after " + limit + ": " + open()).initCause(e);
        } finally {
            waiting.decrementAndGet();
        }
    }

    /**
     * Waits for something that ECS is to be asked.
     *
     * @param patience the longest wait, in this host's time
     * @return the inquiry that is due; empty if none is
     * @throws InterruptedException if the thread was interrupted
     */
    @SuppressWarnings("WaitNotInLoop") // the caller comes again after an empty answer, whatever woke it
    public Optional<Inquiry> take(Duration patience) throws InterruptedException {
        Optional<Inquiry> inquiry = inquiry();
        if (inquiry.isPresent()) {
            return inquiry;
        }
        synchronized (due) {
            Ledger open = current();
            long now = nanos.getAsLong();
            long left = Duration.ofNanos(Agenda.next(open, now) - now).toMillis() + 1;
            long longest = open.isEmpty() ? patience.toMillis() : Math.min(patience.toMillis(), GLANCE.toMillis());
            due.wait(Math.max(1, Math.min(longest, left)));
        }
        return inquiry();
    }

    private Optional<Inquiry> inquiry() {
        if (current().isEmpty() || !view.isReady()) {
            return Optional.empty();
        }
        Settled settled = settle();
        Inquiry inquiry = Agenda.due(settled.left, settled.base, nanos.getAsLong());
        return inquiry.isEmpty() ? Optional.empty() : Optional.of(inquiry);
    }

    /**
     * Notes that ECS has answered, and that the answers are in the view.
     *
     * @param inquiry the answered inquiry
     */
    public void answered(Inquiry inquiry) {
        change((open, base) -> Agenda.answered(open, inquiry, nanos.getAsLong()));
        settle();
    }

    /**
     * Notes that ECS has not answered. An expectation that waits too long for an answer is then dropped; a pause of
     * this process does not count.
     *
     * @param inquiry the inquiry that failed
     */
    public void unanswered(Inquiry inquiry) {
        change((open, base) -> Agenda.unanswered(open, inquiry, nanos.getAsLong()));
        settle();
    }

    /** A change of the ledger beside a snapshot of the view. */
    @FunctionalInterface
    interface LedgerChange {
        Ledger apply(Ledger open, Snapshot base);
    }

    void change(LedgerChange change) {
        Snapshot base = base();
        Ledger next = requireNonNull(ledger.updateAndGet(open -> change.apply(requireNonNull(open), base)));
        changed();
        if (next.size() > MOST) {
            settle();
        }
    }

    /** The view's snapshot; an empty one if the view is not ready, since an answer of ECS has to be noted even then. */
    private Snapshot base() {
        try {
            return view.snapshot();
        } catch (NotReadyException e) {
            return SnapshotEditor.empty();
        }
    }

    /** Ends what the view fulfils. The ledger is read before the snapshot, each time. */
    @SuppressWarnings("ReferenceEquality") // nothing settled leaves the same ledger
    private Settled settle() {
        while (true) {
            Ledger open = current();
            Snapshot base = base();
            Settling settling = new Settling(open, base, now(), asks);
            Ledger left = settling.settled();
            if (left == open) {
                return new Settled(base, left);
            }
            if (ledger.compareAndSet(open, left)) {
                if (left.isEmpty()) {
                    forgetOverlay();
                }
                report(settling);
                changed();
                return new Settled(base, left);
            }
        }
    }

    private void report(Settling settling) {
        settling.refused().forEach(text -> LOG.info("{}; its reservation ends", text));
        settling.dropped().forEach(text -> LOG.warn("{}; the expectation is dropped", text));
        dropped.addAndGet(settling.dropped().size());
    }

    private void changed() {
        synchronized (due) {
            due.notifyAll();
        }
        if (waiting.get() > 0) {
            wakeUp.run();
        }
    }

    Noted now() {
        return new Noted(nanos.getAsLong(), clock.instant());
    }

    @Override
    public String toString() {
        return "expectations, " + current().size() + " open";
    }
}
