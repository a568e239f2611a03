package io.clusterstate.mirror;

import io.clusterstate.ecs.EcsArn;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place that one mirror of {@link Mirrors} follows: a Region, in the account of a role or in the process's own.
 *
 * <p>Thread: immutable.
 *
 * @param region the Region's id, such as {@code eu-west-1}
 * @param role the ARN of the role that the process assumes for this place, such as
 *     {@code arn:aws:iam::111122223333:role/css}; empty for the process's own credentials
 */
public record MirrorPlace(String region, Optional<String> role) {

    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+)+");
    /** An ARN of a role; the groups are the partition and the account. */
    private static final Pattern ROLE = Pattern.compile("arn:(aws[a-z-]*):iam::(\\d{12}):role/\\S+");

    /**
     * Checks the form of both.
     *
     * @param region the Region's id
     * @param role the ARN of the role, if there is one
     * @throws IllegalArgumentException if one is not of the form that AWS gives it
     */
    public MirrorPlace {
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("region: " + region + " (expected: an id, such as eu-west-1)");
        }
        role.filter(arn -> !ROLE.matcher(arn).matches()).ifPresent(arn -> {
            throw new IllegalArgumentException(
                    "role: " + arn + " (expected: the ARN of a role, such as arn:aws:iam::111122223333:role/css)");
        });
    }

    /**
     * A Region in the account of the process's own credentials.
     *
     * @param region the Region's id
     * @return the place
     */
    public static MirrorPlace of(String region) {
        return new MirrorPlace(region, Optional.empty());
    }

    /**
     * A Region in the account of a role.
     *
     * @param region the Region's id
     * @param role the role's ARN
     * @return the place
     */
    public static MirrorPlace of(String region, String role) {
        return new MirrorPlace(region, Optional.of(role));
    }

    /**
     * The account of the role.
     *
     * @return twelve digits; empty for the process's own account, which only AWS knows
     */
    public Optional<String> account() {
        return role.map(arn -> groupOf(arn, 2));
    }

    /**
     * The name of the place in maps, meters, logs and threads.
     *
     * @return {@code eu-west-1}, or {@code 111122223333/eu-west-1} with a role
     */
    public String name() {
        return account().map(account -> account + "/" + region).orElse(region);
    }

    /** An ARN of the place's home, as {@link EcsArn} reads it; empty while only AWS knows the account. */
    Optional<String> anyArn() {
        return role.map(
                arn -> "arn:" + groupOf(arn, 1) + ":ecs:" + region + ":" + groupOf(arn, 2) + ":cluster/default");
    }

    private static String groupOf(String role, int group) {
        var parts = ROLE.matcher(role);
        return parts.matches() ? parts.group(group) : "";
    }

    /**
     * The name.
     *
     * @return {@link #name()}
     */
    @Override
    public String toString() {
        return name();
    }
}
