package io.clusterstate.etcd;

import io.clusterstate.spi.Confirmation;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The confirmation as etcd holds it. The key of a cluster holds a moment in ISO-8601. The key of the list holds
 * {@code loaded} or {@code loading}, followed by a moment once there is one.
 *
 * <p>Thread: one thread at a time writes; any thread may read {@link #now}.
 */
final class Confirmations {

    private static final String LOADED = "loaded";
    private static final String LOADING = "loading";

    private final Map<String, Instant> clusters = new HashMap<>();
    private boolean isLoaded;
    private @Nullable Instant listUpTo;
    private volatile Confirmation now = Confirmation.NONE;

    /** The confirmation that was published last. */
    Confirmation now() {
        return now;
    }

    /**
     * A change of one key.
     *
     * @param value the new value; null to delete the key
     */
    record Change(ByteSequence key, @Nullable ByteSequence value) {

        Op operation() {
            return value == null ? Op.delete(key, DeleteOption.DEFAULT) : Transactions.put(key, value);
        }
    }

    /** The changes that turn one confirmation in etcd into another. */
    static List<Change> changes(Keys keys, Confirmation from, Confirmation to) {
        List<Change> changes = new ArrayList<>();
        to.clusters().forEach((arn, upTo) -> {
            if (!upTo.equals(from.clusters().get(arn))) {
                changes.add(new Change(keys.cluster(arn), bytes(upTo.toString())));
            }
        });
        from.clusters().keySet().stream()
                .filter(arn -> !to.clusters().containsKey(arn))
                .forEach(arn -> changes.add(new Change(keys.cluster(arn), null)));
        if (to.isLoaded() != from.isLoaded() || !to.listUpTo().equals(from.listUpTo())) {
            changes.add(list(keys, to)); // last: it implies that the clusters are in
        }
        return changes;
    }

    /** The put of the list's key for a confirmation. */
    private static Change list(Keys keys, Confirmation confirmation) {
        String state = confirmation.isLoaded() ? LOADED : LOADING;
        return new Change(
                keys.list(),
                bytes(state + confirmation.listUpTo().map(upTo -> " " + upTo).orElse("")));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    /** Enters the value of the list's key. */
    void putList(byte[] value) {
        String[] words = new String(value, StandardCharsets.UTF_8).split(" ", 2);
        isLoaded = words[0].equals(LOADED);
        listUpTo = words.length > 1 ? moment(words[1]).orElse(null) : null;
    }

    /** Enters the value of a cluster's key; a value that cannot be read confirms nothing. */
    void putCluster(String arn, byte[] value) {
        moment(new String(value, StandardCharsets.UTF_8))
                .ifPresentOrElse(upTo -> clusters.put(arn, upTo), () -> clusters.remove(arn));
    }

    void removeCluster(String arn) {
        clusters.remove(arn);
    }

    void clear() {
        clusters.clear();
        isLoaded = false;
        listUpTo = null;
    }

    /** Publishes what was entered; returns whether it differs from the confirmation before. */
    boolean publish() {
        Confirmation next = new Confirmation(isLoaded, Optional.ofNullable(listUpTo), clusters);
        boolean isNew = !next.equals(now);
        now = next;
        return isNew;
    }

    private static Optional<Instant> moment(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
