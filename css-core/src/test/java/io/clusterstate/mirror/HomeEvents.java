package io.clusterstate.mirror;

/** Events of chosen accounts and Regions. */
final class HomeEvents {

    private HomeEvents() {}

    /**
     * The event of a task that runs in the cluster {@code default}.
     *
     * @param home the beginning of its ARNs, with the last colon
     */
    static String task(String home) {
        return """
                {"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"%scluster/default",
                 "taskArn":"%stask/default/0123456789abcdef","lastStatus":"RUNNING","desiredStatus":"RUNNING",
                 "version":3}}
                """
                .formatted(home, home);
    }
}
