package io.clusterstate.etcd;

import io.clusterstate.spi.Confirmation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was confirmed, as it is written in etcd: of a cluster, the moment in ISO-8601; of the list, {@code loaded} or
 * {@code loading}, and the moment if there is one.
 *
 * <p>Thread: one thread at a time writes; anyone may read {@link #now}.
 */
final class Confirmations {

    private static final String LOADED = "loaded";
    private static final String LOADING = "loading";

    private final Map<String, Instant> clusters = new HashMap<>();
    private boolean isLoaded;
    private @Nullable Instant listUpTo;
    private volatile Confirmation now = Confirmation.NONE;

    Confirmation now() {
        return now;
    }

    static byte[] list(Confirmation confirmation) {
        String text = (confirmation.isLoaded() ? LOADED : LOADING)
                + confirmation.listUpTo().map(upTo -> " " + upTo).orElse("");
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] cluster(Instant upTo) {
        return upTo.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Takes the list over as it is in etcd. */
    void list(byte[] value) {
        String[] words = new String(value, StandardCharsets.UTF_8).split(" ", 2);
        isLoaded = words[0].equals(LOADED);
        listUpTo = words.length > 1 ? moment(words[1]).orElse(null) : null;
    }

    /** Takes a cluster over as it is in etcd; what cannot be read confirms nothing. */
    void cluster(String arn, byte[] value) {
        moment(new String(value, StandardCharsets.UTF_8))
                .ifPresentOrElse(upTo -> clusters.put(arn, upTo), () -> clusters.remove(arn));
    }

    void gone(String arn) {
        clusters.remove(arn);
    }

    void clear() {
        clusters.clear();
        isLoaded = false;
        listUpTo = null;
    }

    /** Makes what was taken over known; returns whether anything is different. */
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
