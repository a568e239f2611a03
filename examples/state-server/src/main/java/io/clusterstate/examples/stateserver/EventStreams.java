package io.clusterstate.examples.stateserver;

import io.clusterstate.ChangeBatch;
import io.clusterstate.EntityChange;
import io.clusterstate.ErrorAction;
import io.clusterstate.ListenerFailure;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Server-Sent Events of all entities: changes, whose ids are the revisions of all places, and freshness, which is the
 * heartbeat. If changes of a place are missing, the stream sends a {@code reset}, upon which a client lists that place
 * again.
 *
 * <p>The brief form is for pages. Its entities are brief, and it reports the number of ended tasks. Its messages wait
 * for each other up to {@link #GATHERED}, so that a browser reads many at a time.
 */
final class EventStreams implements Streams.StreamFormat {

    private static final int HEARTBEAT_SECONDS = 5;
    private static final int MOST_CHANGES = 200;
    private static final Duration GATHERED = Duration.ofMillis(250);

    private final Places places;
    private final ItemJson items;
    private final boolean isBrief;
    private final EndedTasks ended;
    private final Streams streams;
    private final EncodingCache written = new EncodingCache();
    private final Supplier<FreshnessJson> freshness;
    private final InstantSource clock;
    /** The freshness sent last. This and the following fields belong to the ticking thread. */
    private @Nullable FreshnessJson told;

    private byte[] toldEvent = {};
    private EndedTasks.@Nullable Counts toldEnded;
    private byte[] toldEndedEvent = {};
    private boolean hasChanged;
    private boolean hasEndedChanged;
    private long lookedAt = -1;

    EventStreams(
            Places places, ItemJson items, Streams streams, Supplier<FreshnessJson> freshness, InstantSource clock) {
        this.places = places;
        this.items = items;
        this.isBrief = items.isBrief();
        this.ended = new EndedTasks(places);
        this.streams = streams;
        this.freshness = freshness;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.stream(isBrief ? "/v1/brief/events" : "/v1/events", this::follow);
    }

    private void follow(Context call) throws IOException {
        Revisions after = after(call);
        places.requireAny();
        call.contentType("text/event-stream").header("Cache-Control", "no-store");
        byte[] fresh = event("freshness", null, fields -> freshness.get().write(fields, clock.instant()));
        byte[] counts = isBrief ? event("ended", null, ended.now()::write) : new byte[0];
        streams.open(call, this, open -> {
            Runnable cancel = Following.begin("events", places, after, new Events(open));
            open.greet(counts);
            open.greet(fresh);
            return cancel;
        });
    }

    /** The revisions that the client has seen; null for changes from now on. */
    private @Nullable Revisions after(Context call) {
        Revisions asked =
                Filters.of(call, Set.of(Filters.ENTITY_VERSION, Filters.AFTER)).after(places.areSeveral());
        // the browser resumes from this id, which is newer than the address's revision
        String last = call.header("Last-Event-ID");
        return last == null || last.isEmpty() ? asked : Revisions.parse(last);
    }

    /** The changes as events to a client. */
    private final class Events implements Following.Receiver {

        private final Streams.Open open;

        Events(Streams.Open open) {
            this.open = open;
        }

        @Override
        public void changes(String place, ChangeBatch batch, Revisions after) throws IOException, InterruptedException {
            List<EntityChange<?>> changes =
                    batch.changes().stream().filter(items::shows).toList();
            for (int from = 0; from < changes.size(); from += MOST_CHANGES) {
                int to = Math.min(changes.size(), from + MOST_CHANGES);
                Revisions id = to == changes.size() ? after : null; // a client that resumes gets the whole batch
                List<EntityChange<?>> part = changes.subList(from, to);
                var key = new EncodingCache.Key(
                        batch.since() + " " + id, batch.revision(), place + ' ' + from + " of " + changes.size());
                open.send(written.of(
                        key,
                        () -> event("changes", id, fields -> fields.text("place", place)
                                .text("entityVersion", Long.toString(batch.revision()))
                                .list("changes", part, items::writeChange))));
            }
        }

        @Override
        public void reset(String place, long since, Revisions after) throws IOException, InterruptedException {
            open.send(
                    resetOf(place, after, "the changes after entity version " + since + " are not kept here any more"));
        }

        @Override
        public void resetAtFirst(String place, @Nullable Long since, Revisions after) throws IOException {
            open.greet(resetOf(
                    place,
                    after,
                    since == null
                            ? "the place is not among the entity versions"
                            : "the changes after entity version " + since + " are not kept"));
        }

        private byte[] resetOf(String place, Revisions after, String reason) throws IOException {
            String revision = String.valueOf(after.of().get(place));
            return event("reset", after, fields -> fields.text("place", place)
                    .text("entityVersion", revision)
                    .text("reason", reason));
        }

        @Override
        public ErrorAction fail(ListenerFailure failure) {
            return open.fail(failure);
        }
    }

    private static byte[] event(String name, @Nullable Revisions id, Json.Members data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        out.writeBytes(ascii((id == null ? "" : "id: " + id + '\n') + "event: " + name + "\ndata: "));
        out.writeBytes(Json.object(data)); // JSON without line breaks
        out.writeBytes(ascii("\n\n"));
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void tick(ClientStream stream, long second) {
        if (second != lookedAt) {
            lookedAt = second;
            look();
        }
        boolean isDue = second % HEARTBEAT_SECONDS == 0;
        if (isBrief && (hasEndedChanged || isDue)) {
            stream.sendIfIdle(toldEndedEvent);
        }
        if (hasChanged || isDue) {
            stream.sendIfIdle(toldEvent);
        }
    }

    @Override
    public Duration gathered() {
        return isBrief ? GATHERED : Duration.ZERO;
    }

    /** Reads the freshness, and the number of ended tasks, once a second for all streams. */
    private void look() {
        FreshnessJson now = freshness.get();
        hasChanged = !now.equals(told);
        told = now;
        try {
            toldEvent = event("freshness", null, fields -> now.write(fields, clock.instant()));
            if (isBrief) {
                EndedTasks.Counts counts = ended.now();
                hasEndedChanged = toldEnded == null || !counts.tasks().equals(toldEnded.tasks());
                toldEnded = counts;
                toldEndedEvent = event("ended", null, counts::write);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // into memory
        }
    }

    @Override
    public byte[] farewell(String reason) throws IOException {
        return event("end", null, fields -> fields.text("reason", reason));
    }
}
