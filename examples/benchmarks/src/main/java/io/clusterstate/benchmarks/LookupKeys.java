package io.clusterstate.benchmarks;

import java.util.Random;
import java.util.function.IntFunction;

/**
 * Keys to look up, in random order, over and over. Each equals a stored key without being the identical string, as when
 * an application makes its own. Every subject profits alike from the hashes, which the strings cache after the first
 * round.
 */
final class LookupKeys {

    private final String[] keys;
    private int next;

    LookupKeys(int count, IntFunction<String> keys) {
        this.keys = new String[count];
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            this.keys[i] = new String(keys.apply(i).toCharArray());
        }
        for (int i = count - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            String swapped = this.keys[i];
            this.keys[i] = this.keys[other];
            this.keys[other] = swapped;
        }
    }

    String next() {
        int at = next;
        next = at + 1 == keys.length ? 0 : at + 1;
        return keys[at];
    }
}
