package io.clusterstate.examples.stateserver;

import io.clusterstate.ChangeBatch;
import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityChange;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The streams of v1: each change is a JSON object on a line. An empty line is a heartbeat, which reveals that a client
 * is gone; JSON parsers skip it.
 */
final class LineStreams implements Streams.StreamFormat {

    private static final int HEARTBEAT_SECONDS = 5;
    private static final byte[] HEARTBEAT = {'\n'};

    private final ClusterStateView view;
    private final ItemJson items;
    private final Streams streams;
    private final EncodingCache written = new EncodingCache();

    LineStreams(ClusterStateView view, ItemJson items, Streams streams) {
        this.view = view;
        this.items = items;
        this.streams = streams;
    }

    void addTo(Routes routes, List<Kind<?, ?>> kinds) {
        kinds.forEach(kind -> routes.stream("/v1/stream/" + kind.path(), call -> follow(call, kind)));
    }

    private void follow(Context call, Kind<?, ?> kind) throws IOException {
        Long from = Filters.of(call, Set.of(Filters.ENTITY_VERSION)).entityVersion();
        view.snapshot(); // throws if the view is not ready
        call.contentType("application/octet-stream").header("Cache-Control", "no-store");
        streams.open(call, this, open -> {
            ChangeListener listener = ChangeListener.builder()
                    .named("stream-" + kind.path())
                    .liveOnly()
                    .onBatch(batch -> tell(open, batch, kind))
                    .onError(open::fail)
                    .build();
            return from == null ? view.subscribe(listener) : view.subscribe(listener, from - 1);
        });
    }

    private void tell(Streams.Open open, ChangeBatch batch, Kind<?, ?> kind) throws IOException, InterruptedException {
        if (batch.type() == ChangeBatch.Type.RESET) {
            open.end(
                    "the changes after entity version " + batch.since() + " are not kept here any more; list again",
                    true);
            return;
        }
        for (EntityChange<?> change : batch.of(kind.kind())) {
            var key = new EncodingCache.Key(0, change.revision(), change.arn());
            open.send(written.of(key, () -> line(fields -> items.writeLine(fields, change))));
        }
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
