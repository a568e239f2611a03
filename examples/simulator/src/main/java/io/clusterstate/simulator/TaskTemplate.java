package io.clusterstate.simulator;

import java.util.List;

/**
 * One revision of a task definition: what a task of it needs, and which containers it runs.
 *
 * @param family the family's name
 * @param revision counted from 1 in each family
 * @param arn the ARN of this revision
 * @param awsvpc whether each task gets a network interface of its own; otherwise it shares its host's (bridge)
 * @param cpu CPU units of the whole task
 * @param memory MiB of the whole task
 * @param gpus GPUs of the whole task; they go to the first container
 * @param parts one to three containers, the first essential
 */
record TaskTemplate(
        String family, int revision, String arn, boolean awsvpc, int cpu, int memory, int gpus, List<Part> parts) {

    TaskTemplate {
        parts = List.copyOf(parts);
    }

    /** Fargate runs only tasks with an interface of their own, and has no GPUs. */
    boolean fitsFargate() {
        return awsvpc && gpus == 0;
    }

    /**
     * One container of a task definition.
     *
     * @param name the container's name
     * @param image the image with its tag
     * @param digest the digest that the tag resolves to
     * @param cpu its share of the CPU units
     * @param memory its limit in MiB
     * @param port the container port, 0 for none
     * @param udp whether that port is UDP
     * @param probed whether it has a health check
     */
    record Part(String name, String image, String digest, int cpu, int memory, int port, boolean udp, boolean probed) {

        String protocol() {
            return udp ? "udp" : "tcp";
        }
    }
}
