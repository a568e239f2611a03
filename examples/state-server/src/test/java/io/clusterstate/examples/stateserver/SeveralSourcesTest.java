package io.clusterstate.examples.stateserver;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.memory.MemoryStateStore;
import io.clusterstate.mirror.MirrorPlace;
import io.clusterstate.mirror.Mirrors;
import io.clusterstate.sqs.SqsEventSource;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The mirrors of several places behind one source. */
class SeveralSourcesTest {

    private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

    @Test
    void aPlaceWhoseMirrorFoundNoThreadsIsAProblem() {
        MirrorPlace place = MirrorPlace.of("eu-west-1");
        AtomicBoolean hasThreads = new AtomicBoolean();
        try (AwsClients aws = AwsClients.simulated(NOWHERE, NOWHERE, place.region());
                SeveralSources source = SeveralSources.of(mirrors(aws, place, hasThreads), List.of(place))) {
            source.start();
            hasThreads.set(true);

            List<String> problems = source.problems();

            assertTrue(problems.stream().anyMatch(each -> each.startsWith("eu-west-1: start: ")), problems::toString);
        }
    }

    private static Mirrors mirrors(AwsClients aws, MirrorPlace place, AtomicBoolean hasThreads) {
        return Mirrors.builder()
                .places(place)
                .ecs(any -> aws.ecs())
                .events(any -> SqsEventSource.of(aws.sqs(), "http://127.0.0.1:1/123456789012/css_queue"))
                .store(any -> new MemoryStateStore())
                .each((any, mirror) -> mirror.closeWithin(Duration.ofSeconds(1)))
                .threads(work -> {
                    if (!hasThreads.get()) {
                        throw new IllegalStateException("no threads");
                    }
                    return new Thread(work);
                })
                .build();
    }
}
