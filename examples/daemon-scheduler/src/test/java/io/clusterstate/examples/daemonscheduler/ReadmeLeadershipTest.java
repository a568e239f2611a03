package io.clusterstate.examples.daemonscheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.ClusterStateView;
import io.clusterstate.Snapshot;
import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.Leadership;
import io.clusterstate.etcdserver.EtcdServer;
import io.clusterstate.memory.FakeClusterState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** The recipe of a leader among several schedulers, at work. */
class ReadmeLeadershipTest {

    private final List<Snapshot> decided = new ArrayList<>();

    @Test
    void theLeaderDecides() throws Exception {
        Semaphore wakeUps = new Semaphore(0);
        try (EtcdServer server = EtcdServer.launch();
                FakeClusterState fake = new FakeClusterState()) {
            Etcd etcd = Etcd.at(server.endpoint().toString());
            ClusterStateView view = fake.view();
            // region: leadership
            Leadership leadership = Leadership.of(etcd, "my-scheduler"); // the same name in each process
            leadership.onChange(wakeUps::release); // to wake the thread below
            leadership.start();
            // end: leadership
            assertEquals(leadership.awaitLead(Duration.ofSeconds(20)), leadership.term());

            // region: leader-decides
            long term = leadership.term(); // 0 while another process leads; ask again before each call of ECS
            if (term != 0) {
                Snapshot now = view.awaitCurrent(Duration.ofSeconds(5)); // no older than the former leader's view
                decide(now);
            }
            // end: leader-decides
            assertEquals(1, decided.size());
            leadership.close();
        }
    }

    private void decide(Snapshot now) {
        decided.add(now);
    }
}
