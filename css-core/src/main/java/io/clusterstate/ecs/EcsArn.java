package io.clusterstate.ecs;

import java.util.Optional;

/**
 * The parts of an ECS ARN, {@code arn:PARTITION:ecs:REGION:ACCOUNT:TYPE/…}. It reads both formats: the long one, with
 * the cluster's name before the id, and the short one that older accounts still use. It checks the number of parts
 * alone, since ids have many forms.
 *
 * <p>Thread: immutable.
 *
 * @param partition a partition such as {@code aws}, {@code aws-cn} or {@code aws-us-gov}
 * @param region a Region such as {@code eu-west-1}
 * @param account the account's id
 * @param type {@code cluster}, {@code task}, {@code container-instance}, {@code service}, …
 * @param clusterName the cluster's name; empty for the short format and for types that belong to no cluster
 * @param id the part after the last slash: the id of a task or instance, the name of a service or cluster
 */
public record EcsArn(
        String partition, String region, String account, String type, Optional<String> clusterName, String id) {

    private static final String SERVICE = ":ecs:";

    /**
     * Parses an ARN.
     *
     * @param text any text
     * @return the parts; empty if the text is no ARN of ECS
     */
    public static Optional<EcsArn> parse(String text) {
        int path = pathIn(text);
        return path > 0 ? Optional.of(parsed(text, path)) : Optional.empty();
    }

    /**
     * Whether a text is an ARN of ECS of a given type. It makes no objects.
     *
     * @param type a type such as {@code cluster} or {@code task}
     * @param text any text
     * @return whether {@link #parse} finds an ARN of this {@link #type()}
     */
    public static boolean isOf(String type, String text) {
        int path = pathIn(text);
        return path > 0 && text.startsWith(type, path) && text.indexOf('/', path) == path + type.length();
    }

    /** The index of the path, which has two parts or more, none of them empty; 0 if the text is no ARN of ECS. */
    private static int pathIn(String text) {
        int service = text.startsWith("arn:") ? text.indexOf(':', "arn:".length()) : -1;
        if (service < 0 || !text.startsWith(SERVICE, service)) {
            return 0;
        }
        int account = text.indexOf(':', service + SERVICE.length()) + 1;
        int path = account > 0 ? text.indexOf(':', account) + 1 : 0;
        boolean isPath = path > 0 && text.indexOf('/', path) > path && !text.endsWith("/");
        return isPath && text.indexOf("//", path) < 0 ? path : 0;
    }

    private static EcsArn parsed(String text, int path) {
        int service = text.indexOf(':', "arn:".length());
        int account = text.lastIndexOf(':', path - 2) + 1;
        int type = text.indexOf('/', path);
        int id = text.lastIndexOf('/');
        return new EcsArn(
                text.substring("arn:".length(), service),
                text.substring(service + SERVICE.length(), account - 1),
                text.substring(account, path - 1),
                text.substring(path, type),
                type < id ? Optional.of(text.substring(type + 1, text.indexOf('/', type + 1))) : Optional.empty(),
                text.substring(id + 1));
    }

    /**
     * The name at the end of an ARN.
     *
     * @param arnOrName an ARN, or a name alone
     * @return the part after the last slash; the whole text if it has none
     */
    public static String nameOf(String arnOrName) {
        return arnOrName.substring(arnOrName.lastIndexOf('/') + 1);
    }

    /**
     * Whether an ARN equals a given ARN, or ends with a given name.
     *
     * @param arn the ARN of a cluster or another entity
     * @param nameOrArn a name, or a whole ARN
     * @return whether they match
     */
    public static boolean isNamed(String arn, String nameOrArn) {
        return arn.equals(nameOrArn) || nameOf(arn).equals(nameOrArn);
    }

    /**
     * The ARN of the cluster in a long ARN. A cluster that an event itself names takes precedence.
     *
     * @return the cluster's ARN; empty if this ARN has no cluster
     */
    public Optional<String> clusterArn() {
        return clusterName.map(name -> "arn:" + partition + ":ecs:" + region + ":" + account + ":cluster/" + name);
    }
}
