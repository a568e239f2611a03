package io.clusterstate.examples.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Publication that is broken on purpose. jcstress has to find forbidden results in {@link TwoSteps}. */
public final class BrokenPublication {

    private BrokenPublication() {}

    /** A value in a plain field. */
    private static final class Value {
        private int version;
    }

    /** Two tasks published one after the other, each safely. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 1", "2, 2"},
            expect = ACCEPTABLE,
            desc = "a whole batch")
    @Outcome(expect = FORBIDDEN, desc = "half a batch")
    public static class TwoSteps {

        private volatile int one = 1;
        private volatile int other = 1;

        @Actor
        public void writer() {
            one = 2;
            other = 2;
        }

        @Actor
        public void reader(II_Result seen) {
            seen.r1 = one;
            seen.r2 = other;
        }
    }

    /** A plain field, read twice by two references to its object. The memory model allows to see the past after the present; x86 has not shown it. */
    @JCStressTest
    @State
    @Outcome(
            id = {"1, 1", "1, 2", "2, 2"},
            expect = ACCEPTABLE,
            desc = "forward")
    @Outcome(expect = FORBIDDEN, desc = "back in time")
    public static class PlainField {

        private final Value value = new Value();
        private final Value same = value;

        public PlainField() {
            value.version = 1;
        }

        @Actor
        public void writer() {
            value.version = 2;
        }

        @Actor
        public void reader(II_Result seen) {
            Value first = value;
            Value second = same;
            seen.r1 = first.version;
            seen.r2 = second.version;
        }
    }
}
