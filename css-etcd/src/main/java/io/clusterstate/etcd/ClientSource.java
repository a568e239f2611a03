package io.clusterstate.etcd;

import static java.util.stream.Collectors.joining;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The source of clients: the library itself, by the addresses of etcd, or the host.
 *
 * <p>Thread: immutable.
 */
sealed interface ClientSource {

    /**
     * Makes the connection; no client is made before the first call.
     *
     * @param name the name of the connection in messages
     * @param timeout the time limit of a call
     */
    EtcdConnection<Client> connect(String name, Duration timeout);

    /** Makes the connection for the replica's reads; see {@link #connect}. */
    EtcdConnection<ReadClient> connectForReads(String name, Duration timeout);

    /** A client of the host's, which css neither replaces nor closes. */
    record HostClient(Client client) implements ClientSource {

        @Override
        public EtcdConnection<Client> connect(String name, Duration timeout) {
            return EtcdConnection.through(client, name, timeout);
        }

        @Override
        public EtcdConnection<ReadClient> connectForReads(String name, Duration timeout) {
            return EtcdConnection.through(new JetcdReadClient(client), name, timeout);
        }

        @Override
        public String toString() {
            return "by the host's client";
        }
    }

    /** The name and the password of a user of etcd. */
    record User(String name, String password) {

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Clients that css makes, replaces and closes.
     *
     * @param endpoints the addresses of etcd's members
     * @param user null without authentication
     * @param tls null without TLS
     */
    record Addresses(List<String> endpoints, @Nullable User user, @Nullable TlsFiles tls) implements ClientSource {

        /** The largest answer, in bytes. It bounds how much a watch may deliver at once after it was cut off. */
        private static final int MAX_MESSAGE_SIZE = 64 * 1024 * 1024;

        /** gRPC's least; etcd permits one every 5 seconds unless it is configured otherwise. */
        private static final Duration KEEPALIVE = Duration.ofSeconds(10);

        private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(3);

        @Override
        public EtcdConnection<Client> connect(String name, Duration timeout) {
            return EtcdConnection.ofOurOwn(() -> newClient(timeout), Client::close, name, timeout);
        }

        @Override
        public EtcdConnection<ReadClient> connectForReads(String name, Duration timeout) {
            return EtcdConnection.ofOurOwn(
                    () -> new GrpcReadClient(newChannel(timeout), user), ReadClient::close, name, timeout);
        }

        private ManagedChannel newChannel(Duration timeout) {
            NettyChannelBuilder builder = NettyChannelBuilder.forTarget(target())
                    .defaultLoadBalancingPolicy("round_robin")
                    .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                    .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
                    .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .maxInboundMessageSize(MAX_MESSAGE_SIZE);
            return (tls == null ? builder.usePlaintext() : builder.sslContext(tls.read())).build();
        }

        /** The addresses in the form that jetcd registers with gRPC. */
        private String target() {
            return endpoints.stream()
                    .map(each -> each.replaceFirst("^https?://", ""))
                    .collect(joining(",", "ip:///", ""));
        }

        /** The client fails at once if no member answers, retries nothing, and notices a silent peer. */
        private Client newClient(Duration timeout) {
            ClientBuilder builder = Client.builder()
                    .endpoints(endpoints.toArray(String[]::new))
                    .waitForReady(false)
                    .retryMaxAttempts(0)
                    .connectTimeout(timeout)
                    .keepaliveTime(KEEPALIVE)
                    .keepaliveTimeout(KEEPALIVE_TIMEOUT)
                    .keepaliveWithoutCalls(false)
                    .maxInboundMessageSize(MAX_MESSAGE_SIZE);
            if (user != null) {
                builder.user(bytes(user.name())).password(bytes(user.password()));
            }
            if (tls != null) {
                builder.sslContext(tls.read());
            }
            return builder.build();
        }

        private static ByteSequence bytes(String text) {
            return ByteSequence.from(text, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return endpoints.toString();
        }
    }
}
