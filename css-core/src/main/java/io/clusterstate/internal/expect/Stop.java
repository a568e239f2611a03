package io.clusterstate.internal.expect;

/**
 * A task that ECS accepted to stop.
 *
 * @param arn the task
 * @param clusterArn its cluster; empty if neither the view nor the ARN names it
 * @param noted when the answer was noted
 * @param wasAsked whether ECS was asked about it since its time was over
 */
record Stop(String arn, String clusterArn, Noted noted, boolean wasAsked) {

    Stop asked() {
        return new Stop(arn, clusterArn, noted, true);
    }
}
