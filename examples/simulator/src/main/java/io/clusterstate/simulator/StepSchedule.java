package io.clusterstate.simulator;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/** Schedules the next step of each task. A task has at most one valid appointment; a new appointment replaces it. */
final class StepSchedule {
    private static final Comparator<Appointment> EARLIEST =
            Comparator.comparing(Appointment::due).thenComparing(Appointment::number);

    private final PriorityQueue<Appointment> appointments = new PriorityQueue<>(EARLIEST);
    private long lastNumber;
    private long expectedEvents;

    /**
     * Schedules the next step of a task. {@code events} is the number of events that all its coming steps will make.
     */
    void appoint(LiveTask task, Instant due, int events) {
        expectedEvents += events - task.expectedEvents();
        task.expect(++lastNumber, events);
        appointments.add(new Appointment(due, lastNumber, task));
    }

    void cancel(LiveTask task) {
        expectedEvents -= task.expectedEvents();
        task.expect(0, 0);
    }

    /** Takes the next task whose step is due; empty if no step is due. */
    Optional<LiveTask> nextDue(Instant now) {
        while (!appointments.isEmpty() && !appointments.peek().due().isAfter(now)) {
            var appointment = appointments.remove();
            if (appointment.task().appointment() == appointment.number()) {
                return Optional.of(appointment.task());
            }
        }
        return Optional.empty();
    }

    /** The time of the earliest step, which may be past; empty if no step is scheduled. */
    Optional<Instant> earliest() {
        while (!appointments.isEmpty()) {
            var appointment = appointments.peek();
            if (appointment.task().appointment() == appointment.number()) {
                return Optional.of(appointment.due());
            }
            appointments.remove();
        }
        return Optional.empty();
    }

    /** The number of events that the scheduled steps will make. */
    long expectedEvents() {
        return expectedEvents;
    }

    private record Appointment(Instant due, long number, LiveTask task) {}
}
