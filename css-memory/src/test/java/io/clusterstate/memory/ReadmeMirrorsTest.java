package io.clusterstate.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.CompositeView;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.Clusters;
import io.clusterstate.mirror.MirrorPlace;
import io.clusterstate.mirror.Mirrors;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The recipes of mirrors of several Regions, accounts and shards. */
class ReadmeMirrorsTest {

    private final Map<MirrorPlace, Simulator> simulators = new HashMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private Simulator account;

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        simulators.values().forEach(Simulator::close);
    }

    @Test
    void oneMirrorForEachRegionAndAccount() throws Exception {
        // region: mirrors
        Mirrors mirrors = Mirrors.builder()
                .regions("eu-west-1", "us-east-1")
                .roles("arn:aws:iam::111122223333:role/css", "arn:aws:iam::444455556666:role/css")
                .ecs(place -> ecsClient(place))
                .events(place -> SqsEventSource.of(sqsClient(place), "css_queue"))
                .store(place -> new MemoryStateStore())
                .each((place, mirror) -> mirror.clusters(Clusters.all().readableOnly()))
                .build();
        mirrors.start();
        CompositeView view = mirrors.view();
        view.awaitReady(Duration.ofMinutes(2)); // or ask only the places that are ready: view.readyWhen(…)
        // end: mirrors
        opened.add(mirrors);
        List<Service> services = view.snapshot().services().list();
        assertEquals(
                simulators.values().stream()
                        .mapToInt(each -> each.truth().services().size())
                        .sum(),
                services.size());
        // region: mirrors-status
        List<String> problems = mirrors.problems(); // "444455556666/us-east-1: AccessDeniedException: …"
        ClusterMirror one = mirrors.mirrors().get("111122223333/eu-west-1");
        // end: mirrors-status
        assertEquals(List.of(), problems);
        assertEquals(one.view(), view.members().get("111122223333/eu-west-1"));
    }

    @Test
    void theShardsOfAnAccount() throws Exception {
        account = Simulator.builder()
                .clusters(6)
                .queueName("css_queue_0")
                .furtherQueues("css_queue_1")
                .build();
        account.start();
        opened.add(account);
        ClusterMirror first = shard(0, account.ecsClient(), account.sqsClient());
        ClusterMirror second = shard(1, account.ecsClient(), account.sqsClient());
        opened.addAll(0, List.of(first, second));
        first.start();
        second.start();
        // region: shards-view
        CompositeView view = CompositeView.of(Map.of("shard-0", first.view(), "shard-1", second.view()));
        // end: shards-view
        view.awaitReady(Duration.ofSeconds(30));

        assertEquals(6, view.snapshot().clusters().count());
    }

    // region: shard
    private static ClusterMirror shard(int index, EcsClient ecs, SqsClient sqs) {
        return ClusterMirror.builder()
                .clusters(Clusters.all().shard(index, 2))
                .apiShare(0.5 / 2) // the shards of an account share ECS's rates
                .ecs(ecs)
                .events(SqsEventSource.of(sqs, "css_queue_" + index)) // the rule has both queues as targets
                .store(new MemoryStateStore())
                .build();
    }
    // end: shard

    private EcsClient ecsClient(MirrorPlace place) {
        return simulators.computeIfAbsent(place, ReadmeMirrorsTest::simulator).ecsClient();
    }

    private SqsClient sqsClient(MirrorPlace place) {
        return simulators.get(place).sqsClient();
    }

    private static Simulator simulator(MirrorPlace place) {
        Simulator simulator = Simulator.builder()
                .region(place.region())
                .account(place.account().orElseThrow())
                .tasks(20)
                .build();
        simulator.start();
        return simulator;
    }
}
