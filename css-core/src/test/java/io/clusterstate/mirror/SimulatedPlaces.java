package io.clusterstate.mirror;

import io.clusterstate.simulator.Simulator;
import io.clusterstate.spi.EventSource;
import io.clusterstate.spi.contract.ReferenceStore;
import io.clusterstate.sqs.SqsEventSource;
import io.clusterstate.testing.RecordingThreadFactory;
import io.clusterstate.testing.SimulatorFixture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ecs.model.Task;

/** Two Regions of two accounts, each a simulator of its own, and the mirrors on them. */
final class SimulatedPlaces implements AutoCloseable {

    static final String[] REGIONS = {"eu-west-1", "us-east-1"};
    static final String[] ROLES = {"arn:aws:iam::111122223333:role/css", "arn:aws:iam::444455556666:role/css"};

    private final Map<MirrorPlace, Simulator> simulators = new LinkedHashMap<>();
    private final RecordingThreadFactory threads = new RecordingThreadFactory();
    private final List<Mirrors> made = new ArrayList<>();

    SimulatedPlaces() {
        for (String region : REGIONS) {
            for (String role : ROLES) {
                MirrorPlace place = MirrorPlace.of(region, role);
                Simulator simulator = Simulator.builder()
                        .seed(simulators.size())
                        .region(region)
                        .account(place.account().orElseThrow())
                        .clusters(2)
                        .tasks(40)
                        .build();
                simulator.start();
                simulators.put(place, simulator);
            }
        }
    }

    List<MirrorPlace> places() {
        return List.copyOf(simulators.keySet());
    }

    Simulator simulator(MirrorPlace place) {
        return simulators.get(place);
    }

    RecordingThreadFactory threads() {
        return threads;
    }

    EventSource source(MirrorPlace place) {
        Simulator simulator = simulator(place);
        return SqsEventSource.of(simulator.sqsClient(), simulator.queueName()).waitingUpTo(SimulatorFixture.SHORT_WAIT);
    }

    /** Mirrors of all places, which {@link #close()} closes. */
    Mirrors mirrors(Consumer<MirrorsBuilder> choices) {
        MirrorsBuilder builder = builder();
        choices.accept(builder);
        return closing(builder.build());
    }

    MirrorsBuilder builder() {
        return Mirrors.builder()
                .regions(REGIONS)
                .roles(ROLES)
                .ecs(place -> simulator(place).ecsClient())
                .events(this::source)
                .store(place -> new ReferenceStore())
                .threads(threads);
    }

    Mirrors closing(Mirrors mirrors) {
        made.add(mirrors);
        return mirrors;
    }

    Set<String> trueTasks(MirrorPlace place) {
        return simulator(place).truth().tasks().stream().map(Task::taskArn).collect(Collectors.toSet());
    }

    @Override
    public void close() {
        made.forEach(Mirrors::close);
        simulators.values().forEach(Simulator::close);
    }
}
