package io.clusterstate.examples.concurrency;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The journal's way of publishing, broken on purpose: jcstress must find forbidden results in each of these. */
public final class BrokenPublication {

    private BrokenPublication() {}

    /** A value in plain fields, as a snapshot's would be if they were not final. */
    private static final class Value {
        private int version;
    }

    /** Two tasks published one after the other, each safely. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 1", "2, 2"}, expect = ACCEPTABLE, desc = "a whole batch")
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

    /** The reference in a plain field, read twice by two ways to the same object. */
    @JCStressTest
    @State
    @Outcome(id = {"1, 1", "1, 2", "2, 2"}, expect = ACCEPTABLE, desc = "forward")
    @Outcome(expect = FORBIDDEN, desc = "back in time")
    public static class PlainField {

        private final Value value = new Value();
        private final Value same = value;
        private final int[] hold = new int[1];

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
            hold[0] = first.version - first.version;
            seen.r1 = first.version;
            seen.r2 = second.version;
        }
    }
}
