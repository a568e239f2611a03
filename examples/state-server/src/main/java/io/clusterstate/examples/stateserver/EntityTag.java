package io.clusterstate.examples.stateserver;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tag of an answer, for conditional requests.
 *
 * @param value the tag without quotes
 */
record EntityTag(String value) {

    private static final Pattern TAG = Pattern.compile("(?:W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"");

    /** The value of the ETag header; weak, since an answer may be compressed. */
    String header() {
        return "W/\"" + value + '"';
    }

    /**
     * Whether an If-None-Match header names this tag, so that the answer is 304. An asterisk names every tag, and
     * strength does not matter. Source: RFC 9110, 13.1.2.
     */
    boolean isNamedIn(@Nullable String header) {
        if (header == null) {
            return false;
        }
        Matcher named = TAG.matcher(header);
        boolean isNamed = header.strip().equals("*");
        while (!isNamed && named.find()) {
            isNamed = named.group(1).equals(value);
        }
        return isNamed;
    }
}
