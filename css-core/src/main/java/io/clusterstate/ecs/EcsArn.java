package io.clusterstate.ecs;

import java.util.Arrays;
import java.util.Optional;

/**
 * The parts of an ECS ARN, {@code arn:PARTITION:ecs:REGION:ACCOUNT:TYPE/…}. Both formats are read: the long one, with
 * the cluster's name before the id, and the short one that older accounts still see. No part is checked beyond the
 * number of parts, since ids have many forms.
 *
 * <p>Thread: immutable.
 *
 * @param partition such as {@code aws}, {@code aws-cn}, {@code aws-us-gov}
 * @param region such as {@code eu-west-1}
 * @param account the account's id
 * @param type {@code cluster}, {@code task}, {@code container-instance}, {@code service}, …
 * @param clusterName the cluster's name; empty for the short format and for types that belong to no cluster
 * @param id what follows the last slash: the id of a task or instance, the name of a service or cluster
 */
public record EcsArn(
        String partition, String region, String account, String type, Optional<String> clusterName, String id) {

    private static final int PARTS = 6;

    /**
     * Takes an ARN apart.
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
     * The name that ends an ARN.
     *
     * @param arnOrName an ARN, or a name alone
     * @return what follows the last slash; all of it if there is none
     */
    public static String nameOf(String arnOrName) {
        return arnOrName.substring(arnOrName.lastIndexOf('/') + 1);
    }

    /**
     * Whether a cluster, or another entity, has a name or an ARN.
     *
     * @param arn the entity's ARN
     * @param nameOrArn a name, or a whole ARN
     * @return true if {@code arn} is that ARN, or ends with that name
     */
    public static boolean isNamed(String arn, String nameOrArn) {
        return arn.equals(nameOrArn) || nameOf(arn).equals(nameOrArn);
    }

    /**
     * The ARN of the cluster that a long ARN names. Where an event names its cluster itself, that goes before.
     *
     * @return the cluster's ARN; empty where this ARN names none
     */
    public Optional<String> clusterArn() {
        return clusterName.map(name -> "arn:" + partition + ":ecs:" + region + ":" + account + ":cluster/" + name);
    }
}
