package io.clusterstate.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts every ECS call, and applies the faults of the API to it. */
final class CallGate {
    private static final double FAILING = 0.05;
    private static final String THROTTLING = "ThrottlingException";

    private final Faults faults;
    private final Throttle throttle;
    private final Randomness random;
    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> throttled = new ConcurrentHashMap<>();

    CallGate(Faults faults, InstantSource clock, Randomness random) {
        this.faults = faults;
        this.throttle = new Throttle(clock);
        this.random = random;
    }

    /** Lets a call pass, or fails it as the faults require. */
    Verdict judge(String operation) {
        count(calls, operation);
        delay();
        if (faults.ecsIsOut()) {
            throw EcsError.unavailable();
        }
        faults.takePlanned(operation).ifPresent(type -> {
            throw EcsError.of(type, type.equals(THROTTLING) ? "Rate exceeded" : "Planned failure");
        });
        if (faults.takeLostCall(operation)) {
            return Verdict.CUT;
        }
        if (faults.has(Fault.ERRORS) && failsByChance()) {
            return isRead(operation) || tossCoin() ? Verdict.CUT : Verdict.CUT_AFTERWARDS;
        }
        if (faults.has(Fault.THROTTLING) && !throttle.admits(operation)) {
            throw EcsError.of(THROTTLING, "Rate exceeded");
        }
        return faults.takeLostAnswer(operation) ? Verdict.CUT_AFTERWARDS : Verdict.PASS;
    }

    private static boolean isRead(String operation) {
        return operation.startsWith("List") || operation.startsWith("Describe");
    }

    /** The number of calls by operation, failed calls included. */
    Map<String, Long> calls() {
        return sums(calls);
    }

    /** Records the error with which a call was answered. */
    void answered(String operation, EcsError error) {
        if (error.type().equals(THROTTLING)) {
            count(throttled, operation);
        }
    }

    /** The number of answers with ThrottlingException, by operation. */
    Map<String, Long> throttled() {
        return sums(throttled);
    }

    /** Whether to cut the connection. The other half of the random failures are errors. */
    private synchronized boolean failsByChance() {
        if (!random.chance(FAILING)) {
            return false;
        }
        if (random.chance(0.5)) {
            return true;
        }
        throw EcsError.of("ServerException", "Service unavailable. Please try again later.");
    }

    private synchronized boolean tossCoin() {
        return random.chance(0.5);
    }

    private static void count(Map<String, LongAdder> counts, String operation) {
        counts.computeIfAbsent(operation, it -> new LongAdder()).increment();
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        var sums = new TreeMap<String, Long>();
        counts.forEach((operation, count) -> sums.put(operation, count.sum()));
        return sums;
    }

    /** Ends the delay of answers, also of those that are under way. */
    void endDelays() {
        faults.delayResponses(Duration.ZERO);
    }

    private void delay() {
        try {
            faults.sitOutDelay();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The fate of a call. */
    enum Verdict {
        PASS,
        /** The call has no effect, and an answer breaks off in the middle. */
        CUT,
        /** The call takes effect, and its answer breaks off in the middle. */
        CUT_AFTERWARDS
    }
}
