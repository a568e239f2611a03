package io.clusterstate.preflight;

/** An answer to a condition that may not be understood. */
enum Verdict {
    YES,
    UNKNOWN,
    NO;

    static Verdict of(boolean answer) {
        return answer ? YES : NO;
    }

    Verdict and(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }

    Verdict or(Verdict other) {
        return compareTo(other) <= 0 ? this : other;
    }

    Verdict not() {
        return switch (this) {
            case YES -> NO;
            case NO -> YES;
            case UNKNOWN -> UNKNOWN;
        };
    }
}
