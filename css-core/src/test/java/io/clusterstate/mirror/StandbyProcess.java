package io.clusterstate.mirror;

import io.clusterstate.EntityKind;
import io.clusterstate.Snapshot;
import io.clusterstate.mirror.MirrorStatus.Role;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.sqs.SqsEventSource;
import io.clusterstate.testing.SimulatorFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A process with a mirror on a store of its own, with the default settings. It prints the mirror's status and the
 * view's content for each line of input, closes the mirror on SIGTERM, and ends with its standard input.
 */
final class StandbyProcess {

    static final String STARTED = "started";
    static final String READY = "ready";
    static final String STANDBY = "standby";
    static final String RECEIVES = "receives";
    static final String END_OF_VIEW = "end of view";

    private final ClusterMirror mirror;

    private StandbyProcess(ClusterMirror mirror) {
        this.mirror = mirror;
    }

    /** Arguments: the addresses of ECS and SQS, and the queue's URL. */
    public static void main(String[] arguments) throws Exception {
        EcsClient ecs = SimulatorFixture.at(URI.create(arguments[0]), EcsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        SqsClient sqs = SimulatorFixture.at(URI.create(arguments[1]), SqsClient.builder())
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
        StandbyProcess process = new StandbyProcess(ClusterMirror.builder()
                .ecs(ecs)
                .events(SqsEventSource.of(sqs, arguments[2]))
                .store(new ReferenceStore())
                .build());
        Runtime.getRuntime().addShutdownHook(new Thread(process.mirror::close));
        new Thread(process::tellOfTheView).start();
        process.tellOfTheMirror();
    }

    private void tellOfTheMirror() throws InterruptedException {
        mirror.start();
        say(STARTED);
        boolean wasReady = false;
        boolean wasStandby = false;
        boolean hasReceived = false;
        while (true) {
            MirrorStatus status = mirror.status();
            wasReady = sayOnce(READY, wasReady, mirror.view().isReady());
            wasStandby = sayOnce(STANDBY, wasStandby, status.role() == Role.STANDBY);
            hasReceived = sayOnce(
                    RECEIVES, hasReceived, status.deliveries().values().stream().anyMatch(count -> count > 0));
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static boolean sayOnce(String word, boolean wasSaid, boolean isSo) {
        if (isSo && !wasSaid) {
            say(word);
        }
        return wasSaid || isSo;
    }

    private void tellOfTheView() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                tell(line);
            }
            System.exit(0);
        } catch (IOException e) {
            System.exit(1);
        }
    }

    private void tell(String mark) {
        Snapshot now = mirror.view().snapshot();
        outlines(now.tasks().list(), now.instances().list(), now.services().list())
                .forEach(each -> say(mark + each));
        say(mark + END_OF_VIEW);
    }

    /**
     * Every entity that has not ended, without API-only fields. ECS does not list all entities that ended before the
     * process began.
     */
    static Stream<String> outlines(List<Task> tasks, List<ContainerInstance> instances, List<Service> services) {
        Stream<String> ofTasks = tasks.stream()
                .filter(each -> !EntityKind.TASK.hasEnded(each))
                .map(each ->
                        each.taskArn() + " " + each.version() + " " + each.lastStatus() + " " + each.desiredStatus());
        Stream<String> ofInstances = instances.stream()
                .filter(each -> !EntityKind.INSTANCE.hasEnded(each))
                .map(each -> each.containerInstanceArn() + " " + each.version() + " " + each.status());
        Stream<String> ofServices = services.stream()
                .filter(each -> !EntityKind.SERVICE.hasEnded(each))
                .map(each -> each.serviceArn() + " " + each.status() + " " + each.desiredCount() + " "
                        + each.taskDefinition());
        return Stream.of(ofTasks, ofInstances, ofServices).flatMap(all -> all);
    }

    @SuppressWarnings("SystemOut") // its parent reads it
    private static void say(String line) {
        System.out.println(line);
    }
}
