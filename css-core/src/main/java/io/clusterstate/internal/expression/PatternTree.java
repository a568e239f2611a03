package io.clusterstate.internal.expression;

import io.clusterstate.internal.expression.LinearPattern.Done;
import io.clusterstate.internal.expression.LinearPattern.Edge;
import io.clusterstate.internal.expression.LinearPattern.Fork;
import io.clusterstate.internal.expression.LinearPattern.Read;
import io.clusterstate.internal.expression.LinearPattern.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** A pattern as a tree, before its repetitions are written out. */
sealed interface PatternTree {

    /** A repetition without an upper limit. */
    int UNLIMITED = -1;

    /** A character that passes a test. */
    record One(IntPredicate test) implements PatternTree {}

    /** The beginning or the end of the text. */
    record Border(boolean isEnd) implements PatternTree {}

    /** Parts one after another. */
    record Sequence(List<PatternTree> parts) implements PatternTree {}

    /** Parts of which any matches. */
    record Choice(List<PatternTree> parts) implements PatternTree {}

    /** A part several times. */
    record Repeat(PatternTree part, int min, int max) implements PatternTree {}

    /** The automaton; empty if it would have too many steps. */
    static Optional<LinearPattern> compile(PatternTree tree, int maxSteps) {
        Writer writer = new Writer(maxSteps);
        writer.write(tree);
        writer.add(new Done());
        return writer.isTooLong() ? Optional.empty() : Optional.of(new LinearPattern(writer.steps));
    }

    /** Writes the steps of a tree. It stops adding at the limit, and also counts parts that need no step. */
    final class Writer {

        private final List<Step> steps = new ArrayList<>();
        private final int maxSteps;
        private int written;

        Writer(int maxSteps) {
            this.maxSteps = maxSteps;
        }

        boolean isTooLong() {
            return written > maxSteps;
        }

        void write(PatternTree tree) {
            written++;
            if (isTooLong()) {
                return;
            }
            if (tree instanceof One one) {
                add(new Read(one.test));
            } else if (tree instanceof Border border) {
                add(new Edge(border.isEnd));
            } else if (tree instanceof Sequence sequence) {
                sequence.parts.forEach(this::write);
            } else if (tree instanceof Choice choice) {
                choose(choice.parts);
            } else if (tree instanceof Repeat repeat) {
                repeat(repeat);
            }
        }

        private int add(Step step) {
            written++;
            steps.add(step);
            return steps.size() - 1;
        }

        private void choose(List<PatternTree> parts) {
            List<Integer> exits = new ArrayList<>();
            for (PatternTree part : parts.subList(0, parts.size() - 1)) {
                int fork = add(new Fork(0, 0));
                write(part);
                exits.add(add(new Fork(0, 0)));
                steps.set(fork, new Fork(fork + 1, steps.size()));
            }
            write(parts.get(parts.size() - 1));
            exits.forEach(exit -> steps.set(exit, new Fork(steps.size(), steps.size())));
        }

        private void repeat(Repeat repeat) {
            for (int i = 0; i < repeat.min && !isTooLong(); i++) {
                write(repeat.part);
            }
            if (repeat.max == UNLIMITED) {
                int fork = add(new Fork(0, 0));
                write(repeat.part);
                add(new Fork(fork, fork));
                steps.set(fork, new Fork(fork + 1, steps.size()));
            }
            for (int i = repeat.min; i < repeat.max && !isTooLong(); i++) {
                int fork = add(new Fork(0, 0));
                write(repeat.part);
                steps.set(fork, new Fork(fork + 1, steps.size()));
            }
        }
    }
}
