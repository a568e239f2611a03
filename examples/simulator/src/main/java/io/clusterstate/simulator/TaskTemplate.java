package io.clusterstate.simulator;

import java.util.List;

/**
 * A revision of a task definition: the resources that a task needs, and its containers.
 *
 * @param family the family's name
 * @param revision the number of the revision, counted from 1 in each family
 * @param arn the ARN of this revision
 * @param awsvpc whether each task gets its own network interface; otherwise it shares its host's (bridge)
 * @param cpu the CPU units of the whole task
 * @param memory the memory of the whole task, in MiB
 * @param gpus the GPUs of the whole task, all for the first container
 * @param parts the containers, one to three; the first is essential
 */
record TaskTemplate(
        String family, int revision, String arn, boolean awsvpc, int cpu, int memory, int gpus, List<Part> parts) {

    TaskTemplate {
        parts = List.copyOf(parts);
    }

    /** Whether Fargate can run it. Fargate requires an own network interface, and has no GPUs. */
    boolean fitsFargate() {
        return awsvpc && gpus == 0;
    }

    /**
     * A container of a task definition.
     *
     * @param name the container's name
     * @param image the image with its tag
     * @param digest the digest that the tag resolves to
     * @param cpu the container's share of the CPU units
     * @param memory the container's memory limit in MiB
     * @param port the container port; 0 for none
     * @param udp whether that port is UDP
     * @param probed whether the container has a health check
     */
    record Part(String name, String image, String digest, int cpu, int memory, int port, boolean udp, boolean probed) {

        String protocol() {
            return udp ? "udp" : "tcp";
        }
    }
}
