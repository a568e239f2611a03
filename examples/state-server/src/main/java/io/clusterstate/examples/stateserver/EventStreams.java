package io.clusterstate.examples.stateserver;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityChange;
import io.clusterstate.RevisionOutOfRangeException;
import io.clusterstate.Subscription;
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
 * Server-Sent Events of all entities: changes, whose ids are revisions, and freshness, which is the heartbeat. If
 * changes are missing, the stream sends a {@code reset}, upon which a client lists again.
 *
 * <p>The brief form is for pages. Its entities are brief, and it reports the number of ended tasks. Its messages wait
 * for each other up to {@link #GATHERED}, so that a browser reads many at a time.
 */
final class EventStreams implements Streams.StreamFormat {

    private static final int HEARTBEAT_SECONDS = 5;
    private static final int MOST_CHANGES = 200;
    private static final Duration GATHERED = Duration.ofMillis(250);

    private final ClusterStateView view;
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
            ClusterStateView view,
            ItemJson items,
            Streams streams,
            Supplier<FreshnessJson> freshness,
            InstantSource clock) {
        this.view = view;
        this.items = items;
        this.isBrief = items.isBrief();
        this.ended = new EndedTasks(view);
        this.streams = streams;
        this.freshness = freshness;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        routes.stream(isBrief ? "/v1/brief/events" : "/v1/events", this::follow);
    }

    private void follow(Context call) throws IOException {
        Long after = after(call);
        long shown = view.snapshot().revision(); // throws if the view is not ready
        call.contentType("text/event-stream").header("Cache-Control", "no-store");
        byte[] reset = reset(shown, "the changes after entity version " + after + "  are not kept");
        byte[] fresh = event("freshness", null, fields -> freshness.get().write(fields, clock.instant()));
        byte[] counts = isBrief ? event("ended", null, ended.now()::write) : new byte[0];
        streams.open(call, this, open -> {
            Subscription subscription = subscribe(open, after, reset);
            open.greet(counts);
            open.greet(fresh);
            return subscription;
        });
    }

    /** The last revision that the client has seen; null for changes from now on. */
    private static @Nullable Long after(Context call) {
        Long asked = Filters.of(call, Set.of(Filters.ENTITY_VERSION)).entityVersion();
        // the browser resumes from this id, which is newer than the address's revision
        String last = call.header("Last-Event-ID");
        if (last != null && !last.isEmpty()) {
            return last.equals("0") ? 0 : Filters.entityVersion(last); // a view may begin empty, at revision 0
        }
        return asked == null ? null : Long.valueOf(asked - 1);
    }

    private Subscription subscribe(Streams.Open open, @Nullable Long after, byte[] reset) {
        ChangeListener listener = ChangeListener.builder()
                .named("events")
                .liveOnly()
                .onBatch(batch -> tell(open, batch))
                .onError(open::fail)
                .build();
        if (after == null) {
            return view.subscribe(listener);
        }
        try {
            return view.subscribe(listener, after);
        } catch (RevisionOutOfRangeException e) {
            open.greet(reset);
            return view.subscribe(listener);
        }
    }

    private void tell(Streams.Open open, ChangeBatch batch) throws IOException, InterruptedException {
        if (batch.type() == ChangeBatch.Type.RESET) {
            open.send(reset(
                    batch.revision(),
                    "the changes after entity version " + batch.since() + " are not kept here any more"));
            return;
        }
        List<EntityChange<?>> changes =
                batch.changes().stream().filter(items::shows).toList();
        for (int from = 0; from < changes.size(); from += MOST_CHANGES) {
            int to = Math.min(changes.size(), from + MOST_CHANGES);
            Long id = to == changes.size() ? batch.revision() : null; // a client that resumes gets the whole batch
            List<EntityChange<?>> part = changes.subList(from, to);
            var key = new EncodingCache.Key(batch.since(), batch.revision(), from + " of " + changes.size());
            open.send(written.of(
                    key,
                    () -> event("changes", id, fields -> fields.text("entityVersion", Long.toString(batch.revision()))
                            .list("changes", part, items::writeChange))));
        }
    }

    private static byte[] reset(long revision, String reason) throws IOException {
        return event("reset", revision, fields -> fields.text("entityVersion", Long.toString(revision))
                .text("reason", reason));
    }

    private static byte[] event(String name, @Nullable Long id, Json.Members data) throws IOException {
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
