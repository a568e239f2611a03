package io.clusterstate.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.etcd.jetcd.ByteSequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeySampleTest {

    private static final int KEYS = 6_000;
    private static final int DISTANCE = 2_000;

    @Test
    void numberedNamesAreDividedAsEvenlyAsRandomOnes() {
        for (int prefix = 0; prefix < 200; prefix++) {
            List<String> names = numbered("gone-" + prefix + "-");
            KeySample sample = new KeySample();
            names.forEach(name -> sample.add(put(name)));

            List<String> ends = sample.keyEvery(DISTANCE).stream()
                    .map(key -> key.toString(StandardCharsets.UTF_8))
                    .toList();

            int from = 0;
            for (String end : ends) {
                int to = names.indexOf(end);
                assertTrue(to - from < 2 * DISTANCE, (to - from) + " keys before " + end);
                from = to;
            }
            assertTrue(KEYS - from < 2 * DISTANCE, (KEYS - from) + " keys in the last range of " + names.get(0));
        }
    }

    @Test
    void aDeletedKeyLeavesTheSample() {
        KeySample sample = new KeySample();
        List<String> names = numbered("gone-");
        names.forEach(name -> sample.add(put(name)));

        names.forEach(name -> sample.add(KeyUpdate.deletion(key(name), 2)));

        assertEquals(List.of(), sample.keyEvery(1));
    }

    private static List<String> numbered(String prefix) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            names.add("css/v1/task/" + prefix + i);
        }
        names.sort(null);
        return names;
    }

    private static KeyUpdate put(String name) {
        return new KeyUpdate(key(name), new byte[0], 1, 1, 1);
    }

    private static ByteSequence key(String name) {
        return ByteSequence.from(name, StandardCharsets.UTF_8);
    }
}
