package io.clusterstate.examples.soak;

import static io.clusterstate.testing.Await.await;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The laws that compare a mirror with ECS, tried on a mirror whose ECS lies. */
class LawsOfMirrorsTest {

    private final Findings findings = new Findings();

    @Test
    void aMirrorOfAnEcsThatLies() throws Exception {
        try (LiedTo lied = new LiedTo(findings)) {
            lied.denyAfterTheLoad();
            await(() -> lied.hasBroken(AbsenceProven.class));
        }
    }

    @Test
    void aMirrorThatIsFresherThanItsEcsAdmits() throws Exception {
        try (LiedTo lied = new LiedTo(findings)) {
            lied.denyFromTheBeginning();
            await(() -> lied.hasBroken(FreshnessHonest.class));
        }
    }

    @Test
    void aMirrorOfAnHonestEcsBreaksNothing() throws Exception {
        try (LiedTo told = new LiedTo(findings)) {
            told.start();
            await(() -> told.look() && findings.checks().getOrDefault("FreshnessHonest", 0L) > 100);
            assertFalse(findings.awaitViolation(Duration.ofMillis(1)), () -> findings.violations()
                    .toString());
        }
    }
}
