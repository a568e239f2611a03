package io.clusterstate.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.clusterstate.etcd.ClientSource.User;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.Event.EventType;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads through gRPC's own client. It starts sooner than jetcd's, which starts Vert.x first, and its watch ends at a
 * failure rather than to resume by itself.
 *
 * <p>Thread: safe for any thread.
 */
final class GrpcReadClient implements ReadClient {

    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private static final MethodDescriptor<RangeRequest, Page> RANGE = KVGrpc.getRangeMethod().toBuilder(
                    KVGrpc.getRangeMethod().getRequestMarshaller(), new PageMarshaller())
            .build();

    /** The field {@code fragment} of a watch's request and of its responses, which jetcd's types lack. */
    private static final int FRAGMENT_OF_REQUEST = 8;

    private static final int FRAGMENT_OF_RESPONSE = 7;

    private static final UnknownFieldSet IN_FRAGMENTS = UnknownFieldSet.newBuilder()
            .addField(
                    FRAGMENT_OF_REQUEST,
                    UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();

    private final ManagedChannel channel;
    private final @Nullable TokenCredentials token;

    /**
     * A client of its own channel.
     *
     * @param user null without authentication
     */
    GrpcReadClient(ManagedChannel channel, @Nullable User user) {
        this.channel = channel;
        this.token = user == null ? null : new TokenCredentials(channel, user);
    }

    @Override
    public CompletableFuture<Page> read(KeyRange range, long revision, int most) {
        RangeRequest request = RangeRequest.newBuilder()
                .setKey(bytes(range.from()))
                .setRangeEnd(bytes(range.to()))
                .setRevision(revision)
                .setMinModRevision(range.since())
                .setLimit(most)
                .build();
        Reading answer = new Reading(request);
        answer.send();
        return answer;
    }

    /** The answer to a request, which is sent again once if etcd refuses the token. Cancelling it ends the request. */
    private final class Reading extends CompletableFuture<Page> implements StreamObserver<Page> {

        private final RangeRequest request;
        private volatile @Nullable ClientCall<RangeRequest, Page> call;
        private boolean isRepeated;

        Reading(RangeRequest request) {
            this.request = request;
        }

        void send() {
            ClientCall<RangeRequest, Page> next = channel.newCall(RANGE, options());
            call = next;
            ClientCalls.asyncUnaryCall(next, request, this);
        }

        @Override
        public void onNext(Page page) {
            complete(page);
        }

        @Override
        public void onError(Throwable why) {
            if (isTokenRefused(why) && !isRepeated) {
                isRepeated = true;
                send();
            } else {
                completeExceptionally(why);
            }
        }

        @Override
        public void onCompleted() {}

        @Override
        public boolean cancel(boolean mayInterrupt) {
            ClientCall<?, ?> last = call;
            if (last != null) {
                last.cancel("no longer wanted", null);
            }
            return super.cancel(mayInterrupt);
        }
    }

    @Override
    public Runnable watch(KeyRange range, long revision, WatchListener listener) {
        Metadata headers = new Metadata();
        headers.put(HAS_LEADER, "true");
        ClientCall<WatchRequest, WatchResponse> call = MetadataUtils.newAttachHeadersInterceptor(headers)
                .interceptCall(WatchGrpc.getWatchMethod(), options(), channel);
        WatchCreateRequest request = WatchCreateRequest.newBuilder()
                .setKey(bytes(range.from()))
                .setRangeEnd(bytes(range.to()))
                .setStartRevision(revision)
                .setUnknownFields(IN_FRAGMENTS)
                .build();
        ClientCalls.asyncBidiStreamingCall(call, new Watching(listener))
                .onNext(WatchRequest.newBuilder().setCreateRequest(request).build());
        return () -> call.cancel("no longer wanted", null);
    }

    /** The responses of a watch. etcd splits a large one into fragments of about its limit for a request. */
    private final class Watching implements StreamObserver<WatchResponse> {

        private final WatchListener listener;
        private final List<KeyUpdate> updates = new ArrayList<>();

        Watching(WatchListener listener) {
            this.listener = listener;
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCanceled()) {
                forgetToken();
                onError(reasonOf(response).asRuntimeException());
            } else if (response.getCreated()) {
                listener.onBegin();
            } else {
                response.getEventsList().forEach(event -> updates.add(update(event)));
                if (!response.getUnknownFields().hasField(FRAGMENT_OF_RESPONSE) && !updates.isEmpty()) {
                    listener.onUpdates(List.copyOf(updates));
                    updates.clear();
                }
            }
        }

        @Override
        public void onError(Throwable why) {
            isTokenRefused(why); // the next call logs in
            listener.onFailure(why);
        }

        @Override
        public void onCompleted() {
            onError(Status.UNAVAILABLE
                    .withDescription("watch: completed (expected: to go on)")
                    .asRuntimeException());
        }
    }

    private static Status reasonOf(WatchResponse cancelled) {
        return cancelled.getCompactRevision() > 0
                ? Status.OUT_OF_RANGE.withDescription("required revision has been compacted")
                : Status.FAILED_PRECONDITION.withDescription("watch: cancelled: " + cancelled.getCancelReason());
    }

    private static KeyUpdate update(Event event) {
        KeyValue pair = event.getKv();
        return event.getType() == EventType.DELETE
                ? KeyUpdate.deletion(ByteSequence.from(pair.getKey()), pair.getModRevision())
                : put(pair);
    }

    private static KeyUpdate put(KeyValue pair) {
        return new KeyUpdate(
                ByteSequence.from(pair.getKey()),
                pair.getValue().toByteArray(),
                pair.getModRevision(),
                pair.getCreateRevision(),
                pair.getVersion());
    }

    private boolean isTokenRefused(Throwable why) {
        return token != null && token.isRefused(why);
    }

    /** An older etcd refuses the token of a watch in the words for a user without permission. */
    private void forgetToken() {
        if (token != null) {
            token.forget();
        }
    }

    private CallOptions options() {
        return token == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withCallCredentials(token);
    }

    private static ByteString bytes(ByteSequence key) {
        return ByteString.copyFrom(key.getBytes());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
