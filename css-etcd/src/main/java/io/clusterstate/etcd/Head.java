package io.clusterstate.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The last write to a state, as the key {@code head} has it. Two pasts of an etcd that was restored from a backup may
 * count alike; the name of a write is in one of them alone.
 *
 * @param revision etcd's revision of the write; 0 before the first
 * @param writes the number of writes so far, which is the version of the key
 * @param name the name of the write, which no other write has; empty if an earlier version of the library wrote
 */
record Head(long revision, long writes, String name) {

    /** The head of a state without a write. */
    static final Head NONE = new Head(0, 0, "");

    private static final String PROCESS = Long.toHexString(UUID.randomUUID().getLeastSignificantBits());
    private static final AtomicLong PUTS = new AtomicLong();

    static Head of(KeyUpdate update) {
        return new Head(update.revision(), update.version(), text(update.value()));
    }

    /** The head among the keys of an answer that has no other keys. */
    static Head in(Page answer) {
        return answer.updates().stream().findFirst().map(Head::of).orElse(NONE);
    }

    /** The put of the head that belongs to each write. */
    static Op put(Keys keys) {
        return Transactions.put(keys.head(), newName());
    }

    /** A name that no other put has. */
    static ByteSequence newName() {
        return bytes(PROCESS + '-' + Long.toString(PUTS.incrementAndGet(), Character.MAX_RADIX));
    }

    /** The conditions that this is still the last write. */
    List<Cmp> isLast(Keys keys) {
        return List.of(
                Transactions.isAt(keys.head(), revision),
                new Cmp(keys.head(), Cmp.Op.EQUAL, CmpTarget.value(bytes(name))));
    }

    /** Whether this head cannot follow an earlier one in the same past: fewer writes, or another one after as many. */
    boolean contradicts(Head earlier) {
        return writes < earlier.writes || (writes == earlier.writes && !equals(earlier));
    }

    private static String text(byte @Nullable [] value) {
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private static ByteSequence bytes(String name) {
        return ByteSequence.from(name, StandardCharsets.UTF_8);
    }
}
