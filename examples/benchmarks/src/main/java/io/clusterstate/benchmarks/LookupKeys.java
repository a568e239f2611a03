package io.clusterstate.benchmarks;

import java.util.Random;
import java.util.function.IntFunction;

/**
 * Keys to look up, in random order and round and round. Each equals a key that is held without being the same string,
 * as when an application brings its own. Their hashes are known after the first round, for all that is compared alike.
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
