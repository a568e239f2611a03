package io.clusterstate.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DriftTest {

    @Test
    void saysWhatIsWrongInWords() {
        assertEquals("no drift", Drift.NONE.toString());
        assertEquals("2 stale, 1 held back", new Drift(0, 2, 0, 0, 1, 0).toString());
        assertEquals(
                "1 missed, 2 stale, 3 phantom, 4 removed, 5 held back, 6 unproven",
                new Drift(1, 2, 3, 4, 5, 6).toString());
    }

    @Test
    void addsEachToItsLike() {
        Drift one = new Drift(1, 2, 3, 4, 5, 6);

        assertEquals(new Drift(11, 22, 33, 44, 55, 66), one.plus(new Drift(10, 20, 30, 40, 50, 60)));
        assertEquals(one, one.plus(Drift.NONE));
    }
}
