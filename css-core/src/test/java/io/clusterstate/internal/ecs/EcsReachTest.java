package io.clusterstate.internal.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.model.EcsException;

class EcsReachTest {

    private static final Duration A_WHILE = Duration.ofSeconds(20);

    private final TestTime time = new TestTime();
    private final EcsReach reach = new EcsReach(new Environment(time, time, Thread::new, new Random(1)));

    @Test
    void withoutWorkThereIsNoSilence() throws InterruptedException {
        time.advance(A_WHILE);
        assertEquals(Duration.ZERO, reach.silence());

        reach.attempt(() -> "answer");
        time.advance(A_WHILE);

        assertEquals(Duration.ZERO, reach.silence());
    }

    @Test
    void silenceBeginsWithTheFirstCallAndEndsWithAnyAnswer() throws InterruptedException {
        fail("AccessDeniedException");
        time.advance(A_WHILE);
        fail("ServerException");
        time.advance(A_WHILE);
        assertEquals(A_WHILE.multipliedBy(2), reach.silence());
        assertEquals(
                "ecs client: no answer since 2026-11-23T12:00:00Z, last failure: ServerException: (Service: null,"
                        + " Status Code: 400, Request ID: null)",
                reach.toString());

        reach.attempt(() -> "answer");

        assertEquals(Duration.ZERO, reach.silence());
    }

    @Test
    void aCallThatHangsIsSilence() throws InterruptedException {
        reach.attempt(() -> {
            time.advance(A_WHILE);
            assertEquals(A_WHILE, reach.silence());
            assertEquals(
                    "ecs client: no answer since 2026-11-23T12:00:00Z, last failure: none, calls hang",
                    reach.toString());
            return "answer";
        });
    }

    @Test
    void anAnswerBesideACallThatHangsBeginsTheSilenceAnew() throws InterruptedException {
        reach.attempt(() -> {
            time.advance(A_WHILE);
            reach.attempt(() -> "another");
            assertEquals(Duration.ZERO, reach.silence());
            time.advance(A_WHILE);
            assertEquals(A_WHILE, reach.silence());
            return "answer";
        });
        assertEquals(Duration.ZERO, reach.silence());
    }

    @Test
    void aThrottleIsAnAnswer() {
        fail("ThrottlingException");
        time.advance(A_WHILE);

        assertEquals(Duration.ZERO, reach.silence());
    }

    @Test
    void aCallEndsHoweverItFails() throws InterruptedException {
        assertThrows(
                InterruptedException.class,
                () -> reach.attempt(() -> {
                    throw new InterruptedException();
                }));
        assertThrows(
                LinkageError.class,
                () -> reach.attempt(() -> {
                    throw new LinkageError();
                }));
        reach.attempt(() -> "answer");
        time.advance(A_WHILE);

        assertEquals(Duration.ZERO, reach.silence());
    }

    private void fail(String code) {
        assertThrows(
                SdkException.class,
                () -> reach.attempt(() -> {
                    throw EcsException.builder()
                            .statusCode(400)
                            .awsErrorDetails(
                                    AwsErrorDetails.builder().errorCode(code).build())
                            .build();
                }));
    }
}
