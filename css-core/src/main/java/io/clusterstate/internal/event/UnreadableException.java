package io.clusterstate.internal.event;

import java.io.IOException;

/** A value in a message that is not of the expected type. The reader turns it into a {@link ParsedBody.Unreadable}. */
final class UnreadableException extends IOException {

    private static final long serialVersionUID = 1;

    UnreadableException(String name, String value, String expected) {
        super(name + ": " + value + " (expected: " + expected + ")");
    }
}
