package io.clusterstate.examples.tools;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * A list that is shown again and again: redrawn in place on a terminal, elsewhere the rows that are new or have
 * changed. A server that does not answer is reported, and asked again.
 */
final class Watch {

    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

    private final Callable<Rows> list;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean isTerminal;
    private final InstantSource clock;
    private Set<List<String>> shown = Set.of();

    /** Waits until the next look. */
    @FunctionalInterface
    interface Pause {
        void await() throws InterruptedException;
    }

    Watch(Callable<Rows> list, PrintWriter out, PrintWriter err, boolean isTerminal, InstantSource clock) {
        this.list = list;
        this.out = out;
        this.err = err;
        this.isTerminal = isTerminal;
        this.clock = clock;
    }

    /** Runs until the pause is interrupted. */
    void run(Pause pause) throws Exception {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                show(list.call());
            } catch (IOException e) {
                err.println("list: " + Commands.words(e));
            }
            pause.await();
        }
    }

    private void show(Rows rows) {
        if (isTerminal) {
            out.print(HOME_AND_CLEAR + rows.table(clock.instant()) + System.lineSeparator());
        } else {
            rows.rows().stream()
                    .filter(row -> !shown.contains(row))
                    .forEach(row -> out.println(String.join("  ", row)));
            shown = new HashSet<>(rows.rows());
        }
        out.flush();
    }
}
