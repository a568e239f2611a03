package io.clusterstate.etcd;

import io.clusterstate.etcdserver.Certificates;
import io.clusterstate.etcdserver.EtcdCluster;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.TcpProxy;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.kv.PutResponse;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.grpc.netty.GrpcSslContexts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An etcd of three members with TLS and its bad days. Each process has ways of its own to the members, which can be
 * cut.
 *
 * <p>Thread: one thread at a time.
 */
final class TroubledEtcd implements AutoCloseable {

    private static final int MEMBERS = 3;
    private static final ByteSequence ELSEWHERE = ByteSequence.from("elsewhere", StandardCharsets.UTF_8);

    private final Path folder;
    private final Certificates certificates;
    private final EtcdCluster cluster;
    private final List<TcpProxy> proxies = new ArrayList<>();

    private TroubledEtcd(Path folder, Certificates certificates, EtcdCluster cluster) {
        this.folder = folder;
        this.certificates = certificates;
        this.cluster = cluster;
    }

    /** Starts it; its files are in a folder. */
    static TroubledEtcd start(Path folder) throws Exception {
        Certificates own = Certificates.in(Files.createDirectory(folder.resolve("certificates")));
        EtcdCluster cluster = EtcdCluster.start(
                MEMBERS,
                "--cert-file",
                own.certificate().toString(),
                "--key-file",
                own.key().toString(),
                "--trusted-ca-file",
                own.certificate().toString(),
                "--client-cert-auth=true");
        return new TroubledEtcd(folder, own, cluster);
    }

    Certificates certificates() {
        return certificates;
    }

    /** New ways for one process, one to each member. */
    List<String> newWays() {
        List<String> addresses = new ArrayList<>();
        for (EtcdServer member : cluster.members()) {
            TcpProxy proxy = TcpProxy.to(member.clientPort());
            proxies.add(proxy);
            addresses.add("https://127.0.0.1:" + proxy.endpoint().getPort());
        }
        return addresses;
    }

    /** The etcd for a process in this JVM, by ways of its own. */
    Etcd etcd() {
        return Etcd.at(newWays().toArray(String[]::new))
                .tls(certificates.certificate(), certificates.certificate(), certificates.key());
    }

    void cutAll() {
        proxies.forEach(TcpProxy::cut);
    }

    /** Kills the member that leads, and starts it again. */
    void killTheLeader() throws Exception {
        EtcdServer leader = leader();
        leader.kill();
        leader.start();
        leader.awaitUp();
    }

    /** Stops the member that leads for a while, as a machine does that swaps; its connections stay open. */
    void pauseTheLeader(Duration pause) throws Exception {
        EtcdServer leader = leader();
        leader.pause();
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        } finally {
            leader.resume();
            leader.awaitUp();
        }
    }

    private EtcdServer leader() throws Exception {
        for (EtcdServer member : cluster.members()) {
            if (leads(member)) {
                return member;
            }
        }
        throw new AssertionError("etcd: no leader (expected: one of " + cluster.members() + ")");
    }

    private boolean leads(EtcdServer member) throws Exception {
        try (Client client = client()) {
            StatusResponse status = client.getMaintenanceClient()
                    .statusMember(member.endpoint().toString())
                    .get(60, TimeUnit.SECONDS);
            return status.getLeader() == status.getHeader().getMemberId();
        }
    }

    void compact() throws Exception {
        try (Client client = client()) {
            client.getKVClient().compact(revision(client)).get(60, TimeUnit.SECONDS);
        }
    }

    /** Replaces all certificates and keys, and restarts member after member. */
    void rotateCertificates() throws Exception {
        Certificates next = Certificates.in(Files.createDirectory(folder.resolve("next-certificates")));
        Files.move(next.certificate(), certificates.certificate(), StandardCopyOption.REPLACE_EXISTING);
        Files.move(next.key(), certificates.key(), StandardCopyOption.REPLACE_EXISTING);
        for (EtcdServer member : cluster.members()) {
            member.kill();
            member.start();
            member.awaitUp();
        }
    }

    /** Takes a backup of all members, which stop for that. */
    void backUp() throws Exception {
        cluster.kill();
        cluster.backup(folder.resolve("backup"));
        cluster.start();
    }

    /**
     * Restores the backup. No process reaches the members before their revision is beyond all that was seen, as with
     * {@code etcdutl snapshot restore --bump-revision}.
     */
    void restoreWithBumpedRevision() throws Exception {
        long seen;
        try (Client client = client()) {
            seen = revision(client);
        }
        proxies.forEach(proxy -> proxy.refuse(true));
        cluster.kill();
        cluster.restore(folder.resolve("backup"));
        cluster.start();
        bumpBeyond(seen + 10_000); // what was written since it was asked
        proxies.forEach(proxy -> proxy.refuse(false));
    }

    private void bumpBeyond(long revision) throws Exception {
        try (Client client = client()) {
            long now = revision(client);
            while (now <= revision) {
                List<CompletableFuture<PutResponse>> puts = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    puts.add(client.getKVClient().put(ELSEWHERE, ELSEWHERE));
                }
                for (CompletableFuture<PutResponse> put : puts) {
                    now = Math.max(
                            now, put.get(30, TimeUnit.SECONDS).getHeader().getRevision());
                }
            }
            client.getKVClient().compact(now).get(60, TimeUnit.SECONDS);
        }
    }

    private static long revision(Client client) throws Exception {
        return client.getKVClient()
                .get(ELSEWHERE)
                .get(60, TimeUnit.SECONDS)
                .getHeader()
                .getRevision();
    }

    private Client client() throws Exception {
        return Client.builder()
                .endpoints(cluster.endpoints())
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(certificates.certificate().toFile())
                        .keyManager(
                                certificates.certificate().toFile(),
                                certificates.key().toFile())
                        .build())
                .build();
    }

    @Override
    public void close() {
        proxies.forEach(TcpProxy::close);
        cluster.close();
    }
}
