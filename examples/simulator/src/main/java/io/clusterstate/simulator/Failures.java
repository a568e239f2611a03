package io.clusterstate.simulator;

import software.amazon.awssdk.services.ecs.model.Failure;

/** What ECS answers in place of a thing. */
final class Failures {
    private Failures() {}

    /** A thing that is not there; a bare id gets the ARN that it would have. */
    static Failure missing(Arns arns, String path, String reference) {
        var arn = reference.startsWith("arn:") ? reference : arns.of(path + reference);
        return Failure.builder().arn(arn).reason("MISSING").build();
    }

    static Failure refused(String arn, String reason) {
        return Failure.builder().arn(arn).reason(reason).build();
    }
}
