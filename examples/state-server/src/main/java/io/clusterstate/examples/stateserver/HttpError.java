package io.clusterstate.examples.stateserver;

/** The refusal of a request, with its HTTP status and text. */
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

    /** The text for the client; never empty. */
    String text() {
        return String.valueOf(getMessage());
    }
}
