package io.clusterstate.simulator;

import software.amazon.awssdk.services.ecs.model.Failure;

/** The failures in answers of Describe operations. */
final class Failures {
    private Failures() {}

    /** The failure for a missing entity. A bare id gets the ARN that the entity would have. */
    static Failure missing(Arns arns, String path, String reference) {
        var arn = reference.startsWith("arn:") ? reference : arns.of(path + reference);
        return Failure.builder().arn(arn).reason("MISSING").build();
    }

    static Failure refused(String arn, String reason) {
        return Failure.builder().arn(arn).reason(reason).build();
    }
}
