package io.clusterstate.archive;

import java.util.regex.Pattern;

/**
 * Replaces what differs from task to task in a reason: ARNs, ids, addresses, ports, and numbers of four or more digits.
 * Short numbers stay, since HTTP's 403 and 404 are different causes.
 */
final class CauseText {

    /** One alternative for each kind of text, the longest first. */
    private static final Pattern DIFFERS = Pattern.compile("arn:[\\w-]+:[^\\s,;)\\]]+"
            + "|\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b" // a request's id
            + "|\\b(?:i|eni|subnet|sg|vpc|vol|mi|tgw)-[0-9a-f]{6,}\\b"
            + "|\\b\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d+)?\\b"
            + "|\\b(?:sha256:)?(?=[0-9a-fA-F]*\\d)[0-9a-fA-F]{8,}\\b"
            + "|(?<=\\bport )\\d+"
            + "|\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?"
            + "|\\d{4,}");

    private CauseText() {}

    static String of(String reason) {
        return DIFFERS.matcher(reason).replaceAll("…");
    }
}
