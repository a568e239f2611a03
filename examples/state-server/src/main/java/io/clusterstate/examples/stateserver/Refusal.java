package io.clusterstate.examples.stateserver;

/** A request that is not answered with what it asked for, and the words that it gets instead. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    Refusal(int status, String text) {
        super(text, null, false, false);
        this.status = status;
    }

    static Refusal bad(String text) {
        return new Refusal(400, text);
    }

    static Refusal unknown(String text) {
        return new Refusal(404, text);
    }

    int status() {
        return status;
    }

    /** What the client is told; never empty. */
    String text() {
        return String.valueOf(getMessage());
    }
}
