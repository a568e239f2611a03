package io.clusterstate.simulator;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The source of all random choices, from a seed. Thread: one thread at a time, under the world's lock or by a single
 * owner.
 */
final class Randomness {
    private final SplittableRandom random;

    Randomness(long seed) {
        this.random = new SplittableRandom(seed);
    }

    private Randomness(SplittableRandom random) {
        this.random = random;
    }

    /** An independent source, whose use does not change the choices of this source. */
    Randomness fork() {
        return new Randomness(random.split());
    }

    boolean chance(double share) {
        return random.nextDouble() < share;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    <T> T oneOf(List<T> items) {
        return items.get(below(items.size()));
    }

    /** A random duration of half to one and a half times the typical one, in whole milliseconds. */
    Duration around(Duration typical) {
        return Duration.ofMillis((long) (typical.toMillis() * (0.5 + random.nextDouble())));
    }

    Duration upTo(Duration most) {
        return Duration.ofMillis((long) (most.toMillis() * random.nextDouble()));
    }

    String hex(int digits) {
        var text = new StringBuilder(digits + 16);
        while (text.length() < digits) {
            var part = Long.toHexString(random.nextLong());
            text.append("0".repeat(16 - part.length())).append(part);
        }
        text.setLength(digits);
        return text.toString();
    }

    String digits(int count) {
        var text = new StringBuilder(count);
        text.append((char) ('1' + below(9)));
        while (text.length() < count) {
            text.append((char) ('0' + below(10)));
        }
        return text.toString();
    }

    /** A version 4 UUID. */
    String uuid() {
        long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    String privateAddress() {
        return "10." + below(256) + "." + below(256) + "." + between(4, 250);
    }

    String macAddress() {
        var mac = new StringBuilder("0a");
        for (int i = 0; i < 5; i++) {
            mac.append(':').append(hex(2));
        }
        return mac.toString();
    }
}
