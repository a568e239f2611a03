package io.clusterstate.examples.stateserver;

import io.clusterstate.ChangeBatch;
import io.clusterstate.EntityChange;
import io.clusterstate.ErrorAction;
import io.clusterstate.ListenerFailure;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The streams of v1: each change is a JSON object on a line. An empty line is a heartbeat, which reveals that a client
 * is gone; JSON parsers skip it.
 */
final class LineStreams implements Streams.StreamFormat {

    private static final int HEARTBEAT_SECONDS = 5;
    private static final byte[] HEARTBEAT = {'\n'};

    private final Places places;
    private final ItemJson items;
    private final Streams streams;
    private final EncodingCache written = new EncodingCache();

    LineStreams(Places places, ItemJson items, Streams streams) {
        this.places = places;
        this.items = items;
        this.streams = streams;
    }

    void addTo(Routes routes, List<Kind<?, ?>> kinds) {
        kinds.forEach(kind -> routes.stream("/v1/stream/" + kind.path(), call -> follow(call, kind)));
    }

    private void follow(Context call, Kind<?, ?> kind) throws IOException {
        Revisions after =
                Filters.of(call, Set.of(Filters.ENTITY_VERSION, Filters.AFTER)).after(places.areSeveral());
        places.all(); // throws if a place is not ready
        call.contentType("application/octet-stream").header("Cache-Control", "no-store");
        streams.open(
                call, this, open -> Following.begin("stream-" + kind.path(), places, after, new Lines(open, kind)));
    }

    /** The changes of a kind, as lines to a client. */
    private final class Lines implements Following.Receiver {

        private final Streams.Open open;
        private final Kind<?, ?> kind;

        Lines(Streams.Open open, Kind<?, ?> kind) {
            this.open = open;
            this.kind = kind;
        }

        @Override
        public void changes(String place, ChangeBatch batch, Revisions after) throws IOException, InterruptedException {
            List<? extends EntityChange<?>> changes = batch.of(kind.kind());
            for (int i = 0; i < changes.size(); i++) {
                EntityChange<?> change = changes.get(i);
                // a client that resumes gets the whole batch
                String cursor = places.areSeveral() && i == changes.size() - 1 ? after.toString() : "";
                var key = new EncodingCache.Key(cursor, change.revision(), change.arn());
                open.send(written.of(key, () -> line(fields -> items.writeLine(fields, change, cursor))));
            }
        }

        @Override
        public void reset(String place, long since, Revisions after) {
            open.end(
                    "the changes " + of(place) + "after entity version " + since
                            + " are not kept here any more; list again",
                    true);
        }

        @Override
        public void resetAtFirst(String place, @Nullable Long since, Revisions after) {
            throw HttpError.bad("Entity version is out of range");
        }

        @Override
        public ErrorAction fail(ListenerFailure failure) {
            return open.fail(failure);
        }
    }

    private static String of(String place) {
        return place.isEmpty() ? "" : "of " + place + ' ';
    }

    private static byte[] line(Json.Members members) throws IOException {
        byte[] object = Json.object(members);
        byte[] line = Arrays.copyOf(object, object.length + 1);
        line[object.length] = '\n';
        return line;
    }

    @Override
    public void tick(ClientStream stream, long second) {
        if (second % HEARTBEAT_SECONDS == 0) {
            stream.sendIfIdle(HEARTBEAT);
        }
    }

    @Override
    public byte[] farewell(String reason) throws IOException {
        return line(fields -> fields.text("end", reason));
    }
}
