package io.clusterstate.simulator;

/**
 * Makes the ARNs of an account and Region, in the long form that names the cluster or in the old short form.
 *
 * @param partition the partition, such as aws or aws-cn
 * @param region the Region, such as us-east-1
 * @param account the account's twelve digits
 */
record Arns(String partition, String region, String account) {
    private static final int PARTS = 6;

    /** ARNs of the partition {@code aws}. */
    Arns(String region, String account) {
        this("aws", region, account);
    }

    /** ARNs of the account and Region that an ARN names. */
    static Arns placeOf(String arn) {
        var parts = arn.split(":", PARTS);
        if (parts.length < PARTS) {
            throw EcsError.invalid("Invalid identifier: " + arn);
        }
        return new Arns(parts[1], parts[3], parts[4]);
    }

    /** The old short form of an ARN, or the ARN itself if it has no other form. */
    static String shortened(String arn) {
        var path = arn.split("/", -1);
        return path.length == 3 ? path[0] + "/" + path[2] : arn;
    }

    String cluster(String name) {
        return of("cluster/" + name);
    }

    String taskDefinition(String family, int revision) {
        return of("task-definition/" + family + ":" + revision);
    }

    String image(String repository, String tag) {
        return account + ".dkr.ecr." + region + ".amazonaws.com/" + repository + ":" + tag;
    }

    String role(String name) {
        return "arn:" + partition + ":iam::" + account + ":role/" + name;
    }

    String secret(String name) {
        return "arn:" + partition + ":secretsmanager:" + region + ":" + account + ":secret:" + name;
    }

    /** A new ARN of a kind whose name is an id: 32 hex digits in the long form, a UUID in the short one. */
    String fresh(String kind, String cluster, Randomness random, boolean shortForm) {
        return shortForm ? of(kind + "/" + random.uuid()) : of(kind + "/" + cluster + "/" + random.hex(32));
    }

    String container(String taskArn, Randomness random) {
        var path = taskArn.substring(taskArn.indexOf(":task/") + ":task/".length());
        return path.contains("/") ? of("container/" + path + "/" + random.uuid()) : of("container/" + random.uuid());
    }

    String service(String cluster, String name, boolean shortForm) {
        return shortForm ? of("service/" + name) : of("service/" + cluster + "/" + name);
    }

    String of(String resource) {
        return "arn:" + partition + ":ecs:" + region + ":" + account + ":" + resource;
    }

    /**
     * The last segment: the id of a task or an instance, or the name of a service or a cluster. A plain id stays as it
     * is.
     */
    static String lastSegment(String arnOrId) {
        return arnOrId.substring(arnOrId.lastIndexOf('/') + 1);
    }

    /** Whether a caller's reference means this ARN: it is the whole ARN, or the bare id at its end. */
    static boolean means(String reference, String arn) {
        return reference.startsWith("arn:")
                ? reference.equals(arn)
                : lastSegment(arn).equals(reference);
    }
}
