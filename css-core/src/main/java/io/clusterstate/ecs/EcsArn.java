package io.clusterstate.ecs;

import java.util.Arrays;
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

    private static final int PARTS = 6;

    /**
     * Parses an ARN.
     *
     * @param text any text
     * @return the parts; empty if the text is no ARN of ECS
     */
    public static Optional<EcsArn> parse(String text) {
        String[] parts = text.split(":", PARTS);
        if (parts.length != PARTS || !parts[0].equals("arn") || !parts[2].equals("ecs")) {
            return Optional.empty();
        }
        String[] path = parts[5].split("/", -1);
        if (path.length < 2 || Arrays.asList(path).contains("")) {
            return Optional.empty();
        }
        Optional<String> cluster = path.length > 2 ? Optional.of(path[1]) : Optional.empty();
        return Optional.of(new EcsArn(parts[1], parts[3], parts[4], path[0], cluster, path[path.length - 1]));
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
