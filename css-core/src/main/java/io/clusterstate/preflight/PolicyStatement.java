package io.clusterstate.preflight;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.document.Document;

/**
 * A statement of a queue's policy, as far as it concerns a service that sends.
 *
 * <p>Source: the IAM user guide, "IAM JSON policy elements: Principal" and "… Condition operators".
 */
record PolicyStatement(Map<String, Document> fields) {

    private static final int ACCOUNT = 4;
    private static final String SEND = "sqs:sendmessage";
    /** Keys of conditions that leave a part of the world outside. */
    private static final Set<String> RESTRICTING = Set.of(
            "aws:sourcearn",
            "aws:sourceaccount",
            "aws:sourceorgid",
            "aws:sourceorgpaths",
            "aws:principalarn",
            "aws:principalaccount",
            "aws:principalorgid",
            "aws:principalorgpaths",
            "aws:sourceip",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:vpcsourceip",
            "aws:userid");

    /**
     * A service that sends for a resource.
     *
     * @param service such as events.amazonaws.com
     * @param arn the resource, such as a rule
     * @param account the account of the resource
     */
    record Sender(String service, String arn, String account) {}

    boolean isAllow() {
        return Json.texts(fields.get("Effect")).contains("Allow");
    }

    /** The statement's name, or its effect if it has none. */
    String name() {
        return Json.texts(fields.get("Sid")).stream().findFirst().orElse(isAllow() ? "an Allow" : "a Deny");
    }

    /** Whether the statement applies to a sender of messages. */
    Verdict appliesTo(Sender sender, String queueArn) {
        return isFor(sender.service())
                .and(isAboutSending())
                .and(isAbout(queueArn))
                .and(conditionsHold(sender));
    }

    /** Whether the statement lets in senders of every account. */
    boolean isOpen(String queueArn) {
        boolean isForMany = fields.containsKey("NotPrincipal")
                || isForEverybody()
                || !servicesNamed().isEmpty();
        return isAllow()
                && isForMany
                && isAboutSending() != Verdict.NO
                && isAbout(queueArn) != Verdict.NO
                && !isRestricted();
    }

    private boolean isForEverybody() {
        Document principal = fields.get("Principal");
        return principal != null
                && (Json.texts(principal).contains("*")
                        || (principal.isMap()
                                && Json.texts(principal.asMap().get("AWS")).contains("*")));
    }

    private List<String> servicesNamed() {
        Document principal = fields.get("Principal");
        return principal != null && principal.isMap()
                ? Json.texts(principal.asMap().get("Service"))
                : List.of();
    }

    private Verdict isFor(String service) {
        if (fields.containsKey("NotPrincipal")) {
            return Verdict.UNKNOWN;
        }
        return Verdict.of(isForEverybody() || servicesNamed().contains(service));
    }

    private Verdict isAboutSending() {
        if (fields.containsKey("NotAction")) {
            return Verdict.UNKNOWN;
        }
        return Verdict.of(Json.texts(fields.get("Action")).stream()
                .anyMatch(each -> Glob.matches(each.toLowerCase(Locale.ROOT), SEND)));
    }

    private Verdict isAbout(String queueArn) {
        if (fields.containsKey("NotResource")) {
            return Verdict.UNKNOWN;
        }
        return Verdict.of(Json.texts(fields.get("Resource")).stream().anyMatch(each -> Glob.matches(each, queueArn)));
    }

    private boolean isRestricted() {
        return conditions().entrySet().stream()
                .filter(each -> !each.getKey().contains("Not"))
                .flatMap(each -> each.getValue().asMap().entrySet().stream())
                .anyMatch(each -> RESTRICTING.contains(each.getKey().toLowerCase(Locale.ROOT))
                        && Json.texts(each.getValue()).stream().noneMatch(PolicyStatement::isAnybody));
    }

    /** Whether a value lets in every account, such as the ARN of any account's rule. A bucket's ARN has no account. */
    private static boolean isAnybody(String value) {
        String[] parts = value.split(":", ACCOUNT + 2);
        String account = parts[Math.min(ACCOUNT, parts.length - 1)];
        return value.equals("*") || (value.startsWith("arn:") && account.contains("*"));
    }

    private Map<String, Document> conditions() {
        Document conditions = fields.get("Condition");
        return conditions == null || !conditions.isMap() ? Map.of() : conditions.asMap();
    }

    private Verdict conditionsHold(Sender sender) {
        Verdict all = Verdict.YES;
        for (Map.Entry<String, Document> operator : conditions().entrySet()) {
            Map<String, Document> keys =
                    operator.getValue().isMap() ? operator.getValue().asMap() : Map.of();
            for (Map.Entry<String, Document> key : keys.entrySet()) {
                all = all.and(holds(operator.getKey(), key.getKey(), Json.texts(key.getValue()), sender));
            }
        }
        return all;
    }

    private static Verdict holds(String operator, String key, List<String> values, Sender sender) {
        @Nullable String actual = actual(key, sender);
        if (actual == null) {
            return Verdict.UNKNOWN;
        }
        return switch (operator.replace("IfExists", "")) {
            case "ArnEquals", "ArnLike", "StringLike" -> like(values, actual);
            case "ArnNotEquals", "ArnNotLike", "StringNotLike" ->
                like(values, actual).not();
            case "StringEquals" -> Verdict.of(values.contains(actual));
            case "StringNotEquals" -> Verdict.of(!values.contains(actual));
            case "StringEqualsIgnoreCase", "Bool" -> Verdict.of(values.stream().anyMatch(actual::equalsIgnoreCase));
            default -> Verdict.UNKNOWN;
        };
    }

    private static Verdict like(List<String> globs, String actual) {
        return Verdict.of(globs.stream().anyMatch(each -> Glob.matches(each, actual)));
    }

    /** The value of a key in the request of a service, which sends over TLS; null if that is not known. */
    private static @Nullable String actual(String key, Sender sender) {
        return switch (key.toLowerCase(Locale.ROOT)) {
            case "aws:sourcearn" -> sender.arn();
            case "aws:sourceaccount" -> sender.account();
            case "aws:securetransport", "aws:principalisawsservice" -> "true";
            case "aws:viaawsservice" -> "false";
            default -> null;
        };
    }
}
