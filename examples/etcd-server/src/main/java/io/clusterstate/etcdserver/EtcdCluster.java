package io.clusterstate.etcdserver;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster of etcd processes on this machine.
 *
 * <p>Thread: one thread at a time.
 */
public final class EtcdCluster implements AutoCloseable {

    private final List<EtcdServer> members;

    private EtcdCluster(List<EtcdServer> members) {
        this.members = members;
    }

    /**
     * Starts a cluster, and waits until it has a leader.
     *
     * @param size the number of members
     * @param options further options for the command line of each member
     * @return the running cluster
     * @throws IOException if the cluster cannot be started
     * @throws InterruptedException if the thread was interrupted
     */
    public static EtcdCluster start(int size, String... options) throws IOException, InterruptedException {
        Path binary = EtcdBinary.find();
        List<Integer> peerPorts = new ArrayList<>();
        List<String> peers = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            int port = EtcdServer.freePort();
            peerPorts.add(port);
            peers.add("m" + i + "=http://127.0.0.1:" + port);
        }
        List<String> all = new ArrayList<>(List.of("--initial-cluster", String.join(",", peers)));
        all.addAll(List.of(options));
        List<EtcdServer> members = new ArrayList<>();
        for (int i = 1; i <= size; i++) {
            members.add(new EtcdServer(binary, "m" + i, EtcdServer.freePort(), peerPorts.get(i - 1), all));
        }
        EtcdCluster cluster = new EtcdCluster(members);
        boolean isUp = false;
        try {
            cluster.start();
            isUp = true;
            return cluster;
        } finally {
            if (!isUp) {
                cluster.close();
            }
        }
    }

    /**
     * Starts all members on their existing data, and waits until they have a leader. It may be called again after
     * {@link #kill}.
     *
     * @throws IOException if the cluster cannot be started
     * @throws InterruptedException if the thread was interrupted
     */
    public void start() throws IOException, InterruptedException {
        for (EtcdServer member : members) {
            member.start();
        }
        for (EtcdServer member : members) {
            member.awaitUp();
        }
    }

    /**
     * Ends all members by SIGKILL and keeps their data.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void kill() throws InterruptedException {
        for (EtcdServer member : members) {
            member.kill();
        }
    }

    /**
     * Copies the data of all members of a killed cluster.
     *
     * @param backup the folder to make
     * @throws IOException if the data cannot be copied
     * @throws IllegalStateException if a member runs
     */
    public void backup(Path backup) throws IOException {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).backup(backup.resolve("member" + i));
        }
    }

    /**
     * Replaces the data of all members of a killed cluster by a backup of this cluster. Revisions go back to those of
     * the backup.
     *
     * @param backup the folder that {@link #backup} made; it stays as it is
     * @throws IOException if the data cannot be replaced
     * @throws IllegalStateException if a member runs
     */
    public void restore(Path backup) throws IOException {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).restore(backup.resolve("member" + i));
        }
    }

    /**
     * The members.
     *
     * @return the members, in a fixed order
     */
    public List<EtcdServer> members() {
        return members;
    }

    /**
     * The addresses for clients.
     *
     * @return the address of each member
     */
    public List<URI> endpoints() {
        return members.stream().map(EtcdServer::endpoint).toList();
    }

    /** Ends all members and deletes their data. */
    @Override
    public void close() {
        members.forEach(EtcdServer::close);
    }
}
