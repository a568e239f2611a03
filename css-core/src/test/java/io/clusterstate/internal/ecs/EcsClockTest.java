package io.clusterstate.internal.ecs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.internal.loop.Environment;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;

class EcsClockTest {

    private final TestTime time = new TestTime();
    private final EcsClock clock = new EcsClock(new Environment(time, time, Thread::new, new Random(1)));

    @Test
    void whatTheHostShowsIsTakenForEcssBeforeAnAnswer() {
        assertEquals(TestTime.START, clock.fromHost(TestTime.START));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT6H", "PT-6H", "PT0S"})
    void aHostWhoseClockIsWrongKnowsEcss(Duration ahead) {
        time.setClockAhead(ahead);
        clock.answered(dated("Mon, 23 Nov 2026 12:00:00 GMT"));
        time.advance(Duration.ofMinutes(3));
        Instant anHourAgo = time.instant().minus(Duration.ofHours(1));

        assertEquals(Instant.parse("2026-11-23T11:03:00Z"), clock.fromHost(anHourAgo));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-11-23T12:00:00Z"})
    void aDateThatIsNoneIsPassedOver(String date) {
        clock.answered(dated(date));
        clock.answered(ListClustersResponse.builder().build());
        clock.answered("no answer of the SDK");

        assertEquals(TestTime.START, clock.fromHost(TestTime.START));
    }

    private static Object dated(String date) {
        return ListClustersResponse.builder()
                .sdkHttpResponse(SdkHttpResponse.builder()
                        .statusCode(200)
                        .putHeader("Date", date)
                        .build())
                .build();
    }
}
