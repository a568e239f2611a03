package io.clusterstate.examples.quickstart;

import java.io.PrintStream;
import java.time.Duration;

/** Shows summaries: redrawn in place on a terminal, as a line each elsewhere. */
interface Screen {

    /** Shows a summary. */
    void show(ViewSummary summary);

    /** The pause after a summary. */
    Duration pause();

    /** The screen for an output. The system property {@code css.terminal} says whether it is a terminal. */
    static Screen on(PrintStream out) {
        return Boolean.getBoolean("css.terminal") ? new Terminal(out) : new Lines(out);
    }

    /**
     * A terminal with ANSI sequences.
     *
     * @param out the terminal
     */
    record Terminal(PrintStream out) implements Screen {

        private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

        @Override
        public void show(ViewSummary summary) {
            out.print(HOME_AND_CLEAR + summary.table());
            out.flush();
        }

        @Override
        public Duration pause() {
            return Duration.ofMillis(500);
        }
    }

    /**
     * A file or a pipe.
     *
     * @param out the stream to print to
     */
    record Lines(PrintStream out) implements Screen {

        @Override
        public void show(ViewSummary summary) {
            out.println(summary.line());
        }

        @Override
        public Duration pause() {
            return Duration.ofSeconds(2);
        }
    }
}
