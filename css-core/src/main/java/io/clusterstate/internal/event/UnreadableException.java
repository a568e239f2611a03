package io.clusterstate.internal.event;

import java.io.IOException;

/** A value in a message is not what its place demands. Becomes a {@link ParsedBody.Unreadable} at the border. */
final class UnreadableException extends IOException {

    private static final long serialVersionUID = 1;

    UnreadableException(String name, String value, String expected) {
        super(name + ": " + value + " (expected: " + expected + ")");
    }
}
