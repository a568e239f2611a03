package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** Reads the detail of one type of event. */
interface DetailReader {

    /** Reads the object at which the parser stands. */
    Detail read(JsonParser json) throws IOException;
}
