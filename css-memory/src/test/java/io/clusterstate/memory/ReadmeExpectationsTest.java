package io.clusterstate.memory;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.Expectations;
import io.clusterstate.Reservation;
import io.clusterstate.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.EcsException;
import software.amazon.awssdk.services.ecs.model.StartTaskRequest;
import software.amazon.awssdk.services.ecs.model.StartTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** The recipe of expectations, with an ECS that answers, refuses, or loses its answer. */
class ReadmeExpectationsTest {

    private final FakeClusterState fake = new FakeClusterState();
    private final Expectations mine = fake.expectations();
    private final AnsweringEcs ecs = new AnsweringEcs();
    private final Task started =
            task("web-1").on("box").with(it -> it.startedBy("me/1")).build();
    private String box = "";

    @BeforeEach
    void putAnInstance() {
        box = fake.put(instance("box")).containerInstanceArn();
    }

    @AfterEach
    void close() {
        fake.close();
    }

    private void start(String box, String mark) {
        // region: expectations
        Reservation room = mine.reserve(box, cpu(256), memory(512)).startedBy(mark); // before the call
        try {
            room.launched(ecs.startTask(
                    call -> call.containerInstances(box).taskDefinition("web").startedBy(mark)));
        } catch (SdkClientException e) {
            room.unknown(); // the answer is lost: the mirror finds out within seconds
        } catch (EcsException e) {
            room.release(); // ECS refused the call
        }
        Snapshot now = mine.snapshot(); // the view, with all starts and stops of this process laid over it
        // end: expectations
        assertEquals(fake.view().snapshot().revision(), now.revision());
    }

    @Test
    void anAnswerShowsAtOnce() {
        ecs.answer = () -> StartTaskResponse.builder().tasks(started).build();
        start(box, "me/1");
        assertEquals(1, mine.snapshot().tasks().onInstance(box).count());
        assertEquals(0, mine.snapshot().instances().withFree(cpu(1793)).count());
        assertEquals(
                1, mine.snapshot().instances().withFree(cpu(1792), memory(3584)).count());
        fake.put(started);
        assertEquals(List.of(), mine.open());
        assertEquals(
                1, mine.snapshot().instances().withFree(cpu(1792), memory(3584)).count());
    }

    @Test
    void aRefusalFreesTheRoom() {
        ecs.answer = () -> {
            throw EcsException.builder().message("no").build();
        };
        start(box, "me/1");
        assertEquals(1, mine.snapshot().instances().withFree(cpu(2048)).count());
    }

    @Test
    void aLostAnswerHoldsTheRoomUntilTheOutcomeIsKnown() throws Exception {
        ecs.answer = AnsweringEcs::lose;
        start(box, "me/1");
        assertEquals(0, mine.snapshot().instances().withFree(cpu(2048)).count());
        assertThrows(TimeoutException.class, () -> mine.awaitSettled(Duration.ofSeconds(1)));
        fake.put(started);
        mine.awaitSettled(Duration.ofSeconds(1));
        assertEquals(0, mine.snapshot().instances().withFree(cpu(2048)).count());
    }

    @Test
    void timeDropsWhatNeverShows() {
        ecs.answer = AnsweringEcs::lose;
        start(box, "me/1");
        fake.advance(Duration.ofMinutes(2));
        assertEquals(1, mine.snapshot().instances().withFree(cpu(2048)).count());
        assertEquals(1, mine.dropped());
    }

    /** An ECS that answers every StartTask alike. */
    private static final class AnsweringEcs implements EcsClient {

        private Supplier<StartTaskResponse> answer = AnsweringEcs::lose;

        @SuppressWarnings("DoNotCallSuggester") // it is one of several answers
        static StartTaskResponse lose() {
            throw SdkClientException.create("timeout");
        }

        @Override
        public StartTaskResponse startTask(StartTaskRequest request) {
            return answer.get();
        }

        @Override
        public String serviceName() {
            return "ecs";
        }

        @Override
        public void close() {}
    }
}
