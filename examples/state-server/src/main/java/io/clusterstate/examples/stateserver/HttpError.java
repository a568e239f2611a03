package io.clusterstate.examples.stateserver;

/** A request that is not answered with what it asked for, and the words that it gets instead. */
final class HttpError extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    HttpError(int status, String text) {
        super(text, null, false, false);
        this.status = status;
    }

    static HttpError bad(String text) {
        return new HttpError(400, text);
    }

    static HttpError unknown(String text) {
        return new HttpError(404, text);
    }

    int status() {
        return status;
    }

    /** What the client is told; never empty. */
    String text() {
        return String.valueOf(getMessage());
    }
}
