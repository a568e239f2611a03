package io.clusterstate.examples.quickstart;

import java.io.PrintStream;
import java.time.Duration;

/** Where pictures are shown: redrawn in place on a terminal, a line each elsewhere. */
interface Screen {

    /** Shows a picture. */
    void show(ViewSummary picture);

    /** How long one is to stand. */
    Duration pause();

    /** The screen for an output. Whether it is a terminal is told by who starts the program. */
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
        public void show(ViewSummary picture) {
            out.print(HOME_AND_CLEAR + picture.table());
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
     * @param out where the lines go
     */
    record Lines(PrintStream out) implements Screen {

        @Override
        public void show(ViewSummary picture) {
            out.println(picture.line());
        }

        @Override
        public Duration pause() {
            return Duration.ofSeconds(2);
        }
    }
}
