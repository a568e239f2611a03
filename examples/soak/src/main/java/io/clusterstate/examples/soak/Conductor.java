package io.clusterstate.examples.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the faults of a plan at their times, with a thread for each lane. */
final class Conductor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Conductor.class);
    /** A restore on a busy machine takes its time. */
    private static final Duration LATE = Duration.ofSeconds(90);

    private final World world;
    private final Findings findings;
    private final Map<String, SoakFault> kinds = new LinkedHashMap<>();
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final List<Thread> lanes = new ArrayList<>();
    private final long begun = System.nanoTime();
    /** Wakes the lanes; an interrupt would break off a fault in the middle, as a deployment or a restore. */
    private final CountDownLatch ending = new CountDownLatch(1);

    Conductor(World world, Findings findings) {
        this(world, findings, SoakFaults.all());
    }

    Conductor(World world, Findings findings, List<SoakFault> all) {
        this.world = world;
        this.findings = findings;
        all.forEach(kind -> kinds.put(kind.name(), kind));
    }

    void start(Plan plan) {
        Map<String, List<PlannedFault>> byLane = new LinkedHashMap<>();
        plan.faults().forEach(each -> byLane.computeIfAbsent(kind(each).lane(), lane -> new ArrayList<>())
                .add(each));
        byLane.forEach((lane, faults) -> {
            Thread thread = new Thread(() -> run(faults), "soak-" + lane);
            thread.setDaemon(true);
            lanes.add(thread);
            thread.start();
        });
    }

    private SoakFault kind(PlannedFault planned) {
        SoakFault kind = kinds.get(planned.fault());
        if (kind == null) {
            throw new IllegalArgumentException(
                    "fault: " + planned.fault() + " (expected: one of " + kinds.keySet() + ")");
        }
        return kind;
    }

    private void run(List<PlannedFault> faults) {
        for (PlannedFault each : faults) {
            try {
                sleepUntil(each.atMillis());
                if (ending.getCount() > 0) {
                    run(each);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                LOG.error("{}", each, e);
                findings.broken("Conductor", each.fault(), each + " failed: " + e);
            }
        }
    }

    private void run(PlannedFault planned) throws Exception {
        LOG.warn("begin {}", planned);
        counts.computeIfAbsent(planned.fault(), name -> new LongAdder()).increment();
        SoakFault.Ending end = kind(planned).beginning().begin(world, planned.where());
        try {
            sleepUntil(Math.max(elapsedMillis(), planned.atMillis()) + planned.forMillis());
        } finally {
            boolean wasInterrupted = Thread.interrupted(); // a fault is always ended
            end.end();
            LOG.warn("ended {}", planned);
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private long elapsedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /** Sleeps until a time of the run, or until it ends. */
    private void sleepUntil(long millis) throws InterruptedException {
        long left = millis - elapsedMillis();
        if (left > 0) {
            ending.await(left, TimeUnit.MILLISECONDS);
        }
    }

    /** The number of faults that have begun, by kind. */
    Map<String, Long> counts() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((fault, count) -> sums.put(fault, count.sum()));
        return sums;
    }

    /** Lets the faults that have begun end, begins no further, and waits. */
    void end() throws InterruptedException {
        ending.countDown();
        for (Thread lane : lanes) {
            lane.join(LATE.toMillis());
            if (lane.isAlive()) {
                findings.broken("Conductor", lane.getName(), "a fault has not ended within " + LATE);
            }
        }
    }

    @Override
    public void close() {
        ending.countDown();
        lanes.forEach(Thread::interrupt);
    }
}
