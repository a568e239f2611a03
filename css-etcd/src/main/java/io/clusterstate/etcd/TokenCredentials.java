package io.clusterstate.etcd;

import io.clusterstate.etcd.ClientSource.User;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.grpc.CallCredentials;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The token of a user of etcd. The first call logs in, and so does the next call after etcd has refused the token.
 *
 * <p>Thread: safe for any thread. Calls that begin together may log in together.
 */
final class TokenCredentials extends CallCredentials {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final Channel channel;
    private final User user;
    private volatile @Nullable Metadata headers;

    TokenCredentials(Channel channel, User user) {
        this.channel = channel;
        this.user = user;
    }

    /** Forgets the token if etcd has refused it; returns whether it has. */
    boolean isRefused(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        String reason = String.valueOf(status.getDescription());
        boolean isRefused = reason.contains("invalid auth token") || reason.contains("revision of auth store is old");
        if (isRefused) {
            forget();
        }
        return isRefused;
    }

    /** Forgets the token, which etcd may have refused without naming that. */
    void forget() {
        headers = null;
    }

    @Override
    public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
        Metadata known = headers;
        if (known != null) {
            applier.apply(known);
        } else {
            logIn(applier);
        }
    }

    private void logIn(MetadataApplier applier) {
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setName(user.name())
                .setPassword(user.password())
                .build();
        AuthGrpc.newStub(channel).authenticate(request, new StreamObserver<>() {

            @Override
            public void onNext(AuthenticateResponse answer) {
                Metadata fresh = new Metadata();
                fresh.put(TOKEN, answer.getToken());
                headers = fresh;
                applier.apply(fresh);
            }

            @Override
            public void onError(Throwable why) {
                applier.fail(
                        Status.UNAUTHENTICATED.withDescription(why.getMessage()).withCause(why));
            }

            @Override
            public void onCompleted() {}
        });
    }
}
