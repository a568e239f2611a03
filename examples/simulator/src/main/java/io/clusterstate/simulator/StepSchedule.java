package io.clusterstate.simulator;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * When each task takes its next step. A task has one valid appointment at a time; making another voids the one before.
 */
final class StepSchedule {
    private static final Comparator<Appointment> EARLIEST =
            Comparator.comparing(Appointment::due).thenComparing(Appointment::number);

    private final PriorityQueue<Appointment> appointments = new PriorityQueue<>(EARLIEST);
    private long lastNumber;
    private long expectedEvents;

    /** Lets the task take its next step when due; {@code events} is how many its whole way ahead will make. */
    void appoint(LiveTask task, Instant due, int events) {
        expectedEvents += events - task.expectedEvents();
        task.expect(++lastNumber, events);
        appointments.add(new Appointment(due, lastNumber, task));
    }

    void cancel(LiveTask task) {
        expectedEvents -= task.expectedEvents();
        task.expect(0, 0);
    }

    /** Takes the next task whose step is due; empty if none is. */
    Optional<LiveTask> nextDue(Instant now) {
        while (!appointments.isEmpty() && !appointments.peek().due().isAfter(now)) {
            var appointment = appointments.remove();
            if (appointment.task().appointment() == appointment.number()) {
                return Optional.of(appointment.task());
            }
        }
        return Optional.empty();
    }

    /** How many events will come of the steps that are appointed. */
    long expectedEvents() {
        return expectedEvents;
    }

    private record Appointment(Instant due, long number, LiveTask task) {}
}
