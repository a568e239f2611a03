package io.clusterstate.mirror;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The note of the mirror that claims an event source. The moments are for people: no mirror compares them with a clock
 * of its own.
 *
 * @param owner the mirror
 * @param since when it claimed the source, by its own clock
 * @param renewedAt when it wrote this note, by its own clock
 * @param number counts the notes of the owner, so that no two are equal
 */
record ClaimNote(String owner, Instant since, Instant renewedAt, long number) {

    private static final Pattern HOLDER = Pattern.compile("(\\S+ since \\S+) renewed \\S+ \\d+");

    /** Whether a note is of an owner. */
    static boolean isOf(String note, String owner) {
        return note.startsWith(owner + " ");
    }

    /**
     * The owner and since when, in words that a renewal does not change; the whole note if it was written by others.
     */
    static String holder(String note) {
        Matcher ours = HOLDER.matcher(note);
        return ours.matches() ? ours.group(1) : note;
    }

    @Override
    public String toString() {
        return owner + " since " + since.truncatedTo(ChronoUnit.SECONDS) + " renewed "
                + renewedAt.truncatedTo(ChronoUnit.SECONDS) + " " + number;
    }
}
