package io.clusterstate.mirror;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The note by which a mirror claims an event source. Its times are for people; no mirror compares them with its own
 * clock.
 *
 * @param owner the mirror
 * @param since the time at which the mirror claimed the source, by its own clock
 * @param renewedAt the time at which it wrote this note, by its own clock
 * @param number the number of the note among the owner's, so that no two notes are equal
 */
record ClaimNote(String owner, Instant since, Instant renewedAt, long number) {

    private static final Pattern HOLDER = Pattern.compile("(\\S+ since \\S+) renewed \\S+ \\d+");

    /** Whether an owner wrote a note. */
    static boolean isOf(String note, String owner) {
        return note.startsWith(owner + " ");
    }

    /**
     * The holder that a note names, for people, in words that a renewal does not change; the note itself if no mirror
     * wrote it.
     */
    static String holder(String note) {
        Matcher ours = HOLDER.matcher(note);
        return ours.matches() ? "the mirror " + ours.group(1) : "the foreign note \"" + note + "\"";
    }

    @Override
    public String toString() {
        return owner + " since " + since.truncatedTo(ChronoUnit.SECONDS) + " renewed "
                + renewedAt.truncatedTo(ChronoUnit.SECONDS) + " " + number;
    }
}
