package io.clusterstate.internal.shape;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A pool that makes equal strings one object. The ARNs of clusters and task definitions, images, names and statuses
 * recur in thousands of tasks. Each string has one slot and evicts the string there, so the pool is bounded and needs
 * no lock; a miss only costs a copy.
 *
 * <p>Thread: safe for any thread. Two threads that race for a slot may each keep a copy, which is harmless: strings are
 * immutable, and their final fields publish them safely.
 */
public final class StringPool {

    /** The pool of the whole process, since mirrors share most strings. It holds at most about 2.5 MB of strings. */
    public static final StringPool SHARED = new StringPool(1 << 14);

    private static final int LONGEST = 512;

    /** The characters of a long string that its hash takes from near its head: Region and account of an ARN. */
    private static final int HEAD = 16;

    /** Likewise from its tail, which is mostly an id, a name or a version. */
    private static final int TAIL = 24;

    private static final ThreadLocal<char[]> BUFFERS = ThreadLocal.withInitial(() -> new char[LONGEST]);

    private final @Nullable String[] places;
    /**
     * The hash of the string in each slot, so that most different strings need not be fetched from memory. Only a hint.
     */
    private final int[] hashes;

    StringPool(int places) {
        this.places = new String[places];
        this.hashes = new int[places];
    }

    /**
     * A buffer for {@link #share(char[], int, int, char[])}.
     *
     * @return the buffer of this thread
     */
    public static char[] buffer() {
        return BUFFERS.get();
    }

    /**
     * The shared string with these characters.
     *
     * @param chars the characters
     * @param offset the index of the first
     * @param length their number
     * @return a string with these characters
     */
    public String share(char[] chars, int offset, int length) {
        return share(chars, offset, length, buffer());
    }

    /**
     * The shared string with these characters.
     *
     * @param chars the characters
     * @param offset the index of the first
     * @param length their number
     * @param buffer the thread's {@link #buffer()}, which a caller with many strings looks up only once
     * @return a string with these characters
     */
    public String share(char[] chars, int offset, int length, char[] buffer) {
        if (length > LONGEST) {
            return new String(chars, offset, length);
        }
        int hash = hash(chars, offset, length);
        int place = placeOf(hash);
        String found = hashes[place] == hash ? places[place] : null;
        return found != null && isSame(found, chars, offset, length, buffer)
                ? found
                : keep(new String(chars, offset, length), place, hash);
    }

    /**
     * The shared string that equals a text.
     *
     * @param text any string
     * @return a string that equals it
     */
    public String share(String text) {
        if (text.length() > LONGEST) {
            return text;
        }
        int hash = hash(text.toCharArray(), 0, text.length());
        int place = placeOf(hash);
        String found = places[place];
        return found != null && found.equals(text) ? found : keep(text, place, hash);
    }

    private String keep(String text, int place, int hash) {
        places[place] = text;
        hashes[place] = hash;
        return text;
    }

    private int placeOf(int hash) {
        int mixed = hash * 0x9E3779B9;
        return (mixed ^ (mixed >>> 15)) & (places.length - 1);
    }

    /**
     * A hash of all characters, or of {@value #HEAD} and {@value #TAIL} characters of a long string. Long strings that
     * differ only elsewhere evict each other, which costs a copy each time; no string is ever looked for in more than
     * one slot.
     */
    private static int hash(char[] chars, int offset, int length) {
        int end = offset + length;
        return length <= HEAD + HEAD + TAIL
                ? hash(length, chars, offset, end)
                : hash(hash(length, chars, offset + HEAD, offset + HEAD + HEAD), chars, end - TAIL, end);
    }

    /** A hash like {@link String#hashCode()}, but in four strands, which the processor computes in parallel. */
    private static int hash(int seed, char[] chars, int from, int end) {
        int a = seed;
        int b = 0;
        int c = 0;
        int d = 0;
        int i = from;
        for (; i <= end - 4; i += 4) {
            a = 31 * a + chars[i];
            b = 31 * b + chars[i + 1];
            c = 31 * c + chars[i + 2];
            d = 31 * d + chars[i + 3];
        }
        for (; i < end; i++) {
            a = 31 * a + chars[i];
        }
        return ((a * 31 + b) * 31 + c) * 31 + d;
    }

    /** Compares by copying, since the JVM copies and compares many characters at a time, unlike {@code charAt}. */
    private static boolean isSame(String text, char[] chars, int offset, int length, char[] buffer) {
        if (text.length() != length) {
            return false;
        }
        text.getChars(0, length, buffer, 0);
        return Arrays.equals(buffer, 0, length, chars, offset, offset + length);
    }
}
