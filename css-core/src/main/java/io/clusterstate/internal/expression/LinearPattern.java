package io.clusterstate.internal.expression;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * A pattern that matches whole texts in time linear to their length, since it follows all alternatives at once. The
 * steps are those of Thompson's construction.
 */
final class LinearPattern {

    /** A step of the automaton. */
    sealed interface Step {}

    /** Reads a character that passes, and goes on to the following step. */
    record Read(IntPredicate test) implements Step {}

    /** Goes on to two steps. */
    record Fork(int first, int second) implements Step {}

    /** Goes on to the following step at the beginning or the end of the text alone. */
    record Edge(boolean isEnd) implements Step {}

    /** Ends the pattern. */
    record Done() implements Step {}

    private final List<Step> steps;

    LinearPattern(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    boolean matches(String text) {
        Threads threads = new Threads();
        threads.add(0, true, text.isEmpty());
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            threads = threads.read(c, at == text.length());
        }
        return threads.isDone;
    }

    /** The steps that the pattern has reached at one place of the text. */
    private final class Threads {

        private final boolean[] isReached = new boolean[steps.size()];
        private int[] reached = new int[16];
        private int count;
        private boolean isDone;

        Threads read(int c, boolean isAtEnd) {
            Threads next = new Threads();
            for (int i = 0; i < count; i++) {
                if (steps.get(reached[i]) instanceof Read read && read.test.test(c)) {
                    next.add(reached[i] + 1, false, isAtEnd);
                }
            }
            return next;
        }

        /** Adds a step and the steps after it that read nothing. The list of reached steps is also the work list. */
        void add(int first, boolean isAtBegin, boolean isAtEnd) {
            int done = count;
            reach(first);
            for (; done < count; done++) {
                int at = reached[done];
                Step step = steps.get(at);
                if (step instanceof Fork fork) {
                    reach(fork.first);
                    reach(fork.second);
                } else if (step instanceof Edge edge && (edge.isEnd ? isAtEnd : isAtBegin)) {
                    reach(at + 1);
                } else if (step instanceof Done) {
                    isDone = true;
                }
            }
        }

        private void reach(int step) {
            if (isReached[step]) {
                return;
            }
            isReached[step] = true;
            if (count == reached.length) {
                reached = Arrays.copyOf(reached, 2 * count);
            }
            reached[count++] = step;
        }
    }
}
