package io.clusterstate.examples.quickstart;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ChangeListener;
import io.clusterstate.ClusterStateView;
import io.clusterstate.ReadPolicy;
import io.clusterstate.Snapshot;
import io.clusterstate.Subscription;
import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.micrometer.MirrorMetrics;
import io.clusterstate.mirror.ClusterMirror;
import io.clusterstate.mirror.ReconcileReport;
import io.clusterstate.simulator.Simulator;
import io.clusterstate.sqs.SqsEventSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The recipes of the README, at work. */
class ReadmeExampleTest {

    @Test
    @Timeout(300)
    void readsTheStateOfAClusterInProcess() throws Exception {
        try (EcsAccess ecsAccess =
                EcsAccess.simulated(Simulator.builder().clusters(3).tasks(300).build())) {
            EcsClient ecsClient = ecsAccess.ecs();
            SqsClient sqsClient = ecsAccess.sqs();

            ClusterMirror mirror = ClusterMirror.builder()
                    .ecs(ecsClient)
                    .events(SqsEventSource.of(sqsClient, "css_queue"))
                    .store(new MemoryStateStore())
                    .build();
            mirror.start();
            mirror.view().awaitReady(Duration.ofSeconds(30));
            ClusterStateView view = mirror.view();

            // region: query
            Snapshot now = view.snapshot();
            List<Task> running = now.tasks().in("default").status("RUNNING").list();
            List<ContainerInstance> roomy = now.instances()
                    .in("default")
                    .placeable() // active, with a connected agent
                    .withFree(cpu(512), memory(1024))
                    .list();
            Optional<Service> service =
                    now.services().in("default").list().stream().findFirst();
            Optional<Task> byArn = now.task(running.get(0).taskArn());
            // end: query

            // region: read-policy
            ReadPolicy proven = ReadPolicy.any().in("default").atMostStale(Duration.ofMinutes(30));
            Snapshot fresh = view.read(proven).snapshot(); // or StaleViewException, with the age
            ReadPolicy.Result result = view.read(proven.servingMarked()); // result.unmet() says what is stale
            // end: read-policy

            MeterRegistry registry = new SimpleMeterRegistry();
            PrintStream log = System.out;

            // region: watch
            mirror.status().problems().forEach(log::println); // empty if all is well
            Optional<Instant> confirmed = view.freshness().freshUpTo();
            MirrorMetrics.of(mirror).bindTo(registry); // css.freshness.age, css.deliveries, css.drift, …
            ReconcileReport report = mirror.reconcileNow("default").get(1, TimeUnit.MINUTES);
            log.println(report.drift() + " after " + report.calls() + " calls"); // "no drift after 8 calls"
            // end: watch

            // region: listener
            Map<String, Task> known = new ConcurrentHashMap<>();
            ChangeListener listener = ChangeListener.builder()
                    .tasks(tasks -> tasks.matching(query -> query.in("default").status("RUNNING"))
                            .onAdded(task -> known.put(task.taskArn(), task))
                            .onChanged((before, after) -> known.put(after.taskArn(), after))
                            .onRemoved(task -> known.remove(task.taskArn()))) // or it runs no longer
                    .build();
            Subscription subscription = view.subscribe(listener); // with a thread of its own
            // end: listener

            waitUntil(() -> known.size() == running.size());
            String taskArn = running.get(0).taskArn();
            ecsClient.stopTask(request -> request.cluster("default").task(taskArn));
            ecsAccess.simulator().orElseThrow().tick();

            // region: wait
            Snapshot later = view.awaitUntil(
                    state -> state.tasks().desiredStatus("STOPPED").count() > 0, Duration.ofSeconds(30));
            // end: wait

            assertTrue(later.revision() > now.revision());
            waitUntil(() -> {
                ecsAccess.simulator().orElseThrow().tick(); // from status to status, until it does not run any more
                return !known.containsKey(taskArn);
            });
            subscription.cancel();
            assertTrue(result.isMet());
            assertEquals(now.clusters().list(), fresh.clusters().list());
            mirror.close();
            assertEquals(now.tasks().in("default").count(), running.size());
            assertFalse(roomy.isEmpty());
            assertTrue(service.isPresent());
            assertEquals(running.get(0), byArn.orElseThrow());
            assertTrue(report.isComplete());
            assertTrue(confirmed.isPresent());
            assertNotNull(registry.find("css.freshness.age").timeGauge());
        }
    }

    private static void waitUntil(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
