package io.clusterstate.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.clusterstate.preflight.PreflightFinding.Outcome;
import io.clusterstate.testing.TestTime;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpResponse;

/** Answers that are late on their way, as on a busy host. */
class ClockLookTest {

    private final TestTime time = new TestTime();
    private final Findings findings = new Findings();
    private final ClockLook look = new ClockLook(time, findings);

    @Test
    void aLateAnswerBesideAPromptOneIsNoWrongClock() {
        answeredAfter(Duration.ofSeconds(20));
        answeredAfter(Duration.ofSeconds(1));
        answeredAfter(Duration.ofSeconds(20));

        assertEquals(Outcome.OK, outcome());
    }

    @Test
    void aClockThatEachAnswerContradictsIsWrong() {
        answeredAfter(Duration.ofSeconds(20));
        answeredAfter(Duration.ofSeconds(30));

        assertEquals(Outcome.MISSING, outcome());
    }

    private void answeredAfter(Duration way) {
        String sent = DateTimeFormatter.RFC_1123_DATE_TIME.format(time.instant().atZone(ZoneOffset.UTC));
        time.advance(way);
        look.answered(SdkHttpResponse.builder().putHeader("Date", sent).build());
    }

    private Outcome outcome() {
        look.look();
        return findings.of(List.of(PreflightCheck.CLOCK), "not looked at")
                .get(0)
                .outcome();
    }
}
