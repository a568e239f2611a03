package com.example;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.Snapshot;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.sqs.SqsEventSource;
import java.time.Duration;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

public final class FirstProgram {

    public static void main(String[] args) throws Exception {
        EcsClient ecs = EcsClient.create(); // Region, credentials and endpoints of the environment
        SqsClient sqs = SqsClient.create();
        ClusterMirror mirror = ClusterMirror.builder()
                .ecs(ecs)
                .events(SqsEventSource.of(sqs, "css_queue")) // a queue's name, URL or ARN
                .store(new MemoryStateStore())
                .build();
        try {
            mirror.start();
            ClusterStateView view = mirror.view();
            view.awaitReady(Duration.ofMinutes(2));

            Snapshot now = view.snapshot(); // one moment of all clusters; no call and no lock
            System.out.println("running tasks: " + now.tasks().status("RUNNING").count());
            System.out.println("instances with room: "
                    + now.instances().placeable().withFree(cpu(512), memory(1024)).count());

            view.subscribe(ChangeListener.builder()
                    .liveOnly()
                    .tasks(tasks -> tasks.onEach((change, batch) -> System.out.println(change)))
                    .build());
            System.out.println("press Enter to end");
            System.in.read();
            mirror.status().problems().forEach(System.out::println);
        } finally {
            mirror.close();
            sqs.close();
            ecs.close();
        }
    }
}
