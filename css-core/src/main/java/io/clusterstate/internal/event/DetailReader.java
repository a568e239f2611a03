package io.clusterstate.internal.event;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/** A reader for the detail of one type of event. */
interface DetailReader {

    /** Reads the object at the parser's position. */
    Detail read(JsonParser json) throws IOException;
}
