package io.clusterstate.examples.soak;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcdserver.Certificates;
import io.clusterstate.etcdserver.EtcdCluster;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.etcdserver.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An etcd of three members with mutual TLS, and everything that an administrator and a bad day do to it. Each process
 * has a link of its own.
 *
 * <p>Thread: one thread at a time, but for {@link #links}.
 */
final class SoakEtcd implements AutoCloseable {

    private static final int MEMBERS = 3;
    private static final String NAMESPACE = "soak/";
    /** Writes may be under way when the revision is read. */
    private static final long SLACK = 1_000;

    private final Path folder;
    private final Certificates certificates;
    private final EtcdCluster cluster;
    private final List<EtcdLink> links = new ArrayList<>();
    private int rotations;
    private int backups;

    private SoakEtcd(Path folder, Certificates certificates, EtcdCluster cluster) {
        this.folder = folder;
        this.certificates = certificates;
        this.cluster = cluster;
    }

    static SoakEtcd start(Path folder) throws IOException, InterruptedException {
        Certificates own = Certificates.in(Files.createDirectories(folder.resolve("certificates")));
        EtcdCluster cluster = EtcdCluster.start(
                MEMBERS,
                "--cert-file",
                own.certificate().toString(),
                "--key-file",
                own.key().toString(),
                "--trusted-ca-file",
                own.certificate().toString(),
                "--client-cert-auth=true",
                "--auto-compaction-mode",
                "revision",
                "--auto-compaction-retention",
                "5000");
        return new SoakEtcd(folder, own, cluster);
    }

    Certificates certificates() {
        return certificates;
    }

    /** Opens a link for a process. */
    EtcdLink newLink() {
        EtcdLink link = EtcdLink.to(cluster.members());
        links.add(link);
        return link;
    }

    /** The links, in the order of their opening. */
    List<EtcdLink> links() {
        return links;
    }

    /** The state for a process of this JVM. */
    Etcd over(EtcdLink link) {
        return Etcd.at(link.addresses().toArray(String[]::new))
                .namespace(NAMESPACE)
                .tls(certificates.certificate(), certificates.certificate(), certificates.key());
    }

    static String namespace() {
        return NAMESPACE;
    }

    /** The member that leads, or the first if none says so. */
    EtcdServer leader() throws InterruptedException {
        for (EtcdServer member : cluster.members()) {
            if (leads(member)) {
                return member;
            }
        }
        return cluster.members().get(0);
    }

    private static boolean leads(EtcdServer member) throws InterruptedException {
        try {
            return member.isLeader();
        } catch (IOException e) {
            return false;
        }
    }

    /** The member of a number, the leader for every second number. */
    EtcdServer member(int number) throws InterruptedException {
        return number % 2 == 0 ? leader() : cluster.members().get(number % MEMBERS);
    }

    /** Compacts the history up to now. */
    void compact() throws IOException, InterruptedException {
        admin().compact();
    }

    private EtcdAdmin admin() throws IOException, InterruptedException {
        return new EtcdAdmin(leader(), certificates);
    }

    /** Replaces the certificate and key of all, and starts member after member anew. */
    void rotateCertificates() throws IOException, InterruptedException {
        rotations++;
        Certificates next = Certificates.in(Files.createDirectories(folder.resolve("certificates-" + rotations)));
        next.copyTo(folder.resolve("certificates"));
        for (EtcdServer member : cluster.members()) {
            member.kill();
            member.start();
            member.awaitUp();
        }
    }

    /** Takes a backup of all members, which stop for that. */
    Path backUp() throws IOException, InterruptedException {
        backups++;
        Path backup = folder.resolve("backup-" + backups);
        cluster.kill();
        cluster.backup(backup);
        cluster.start();
        return backup;
    }

    /**
     * Restores a backup, and deletes it, since it takes some 400 MB. No process reaches the members before their
     * revision is beyond everything that was seen, as with {@code etcdutl snapshot restore --bump-revision}.
     */
    void restore(Path backup) throws IOException, InterruptedException {
        long seen = admin().revision();
        links.forEach(link -> link.refuse(true));
        try {
            cluster.kill();
            cluster.restore(backup);
            cluster.start();
            EtcdAdmin admin = admin();
            admin.bumpBeyond(seen + SLACK);
            admin.compact();
        } finally {
            links.forEach(link -> link.refuse(false));
        }
        Folders.delete(backup);
    }

    /** Starts the members that do not run, resumes the others, and heals all links. */
    void heal() throws IOException, InterruptedException {
        links.forEach(EtcdLink::heal);
        for (EtcdServer member : cluster.members()) {
            if (member.isRunning()) {
                member.resume();
            } else {
                member.start();
            }
        }
        for (EtcdServer member : cluster.members()) {
            member.awaitUp();
        }
    }

    @Override
    public void close() {
        links.forEach(EtcdLink::close);
        cluster.close();
    }
}
