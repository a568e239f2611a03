package io.clusterstate.examples.springboot;

import io.clusterstate.simulator.Simulator;

/**
 * The application on a simulated ECS in this process. The simulator is set up as an account would be: by the SDK's own
 * settings, and by the name of the queue.
 */
public final class SimulatedApplication {

    private SimulatedApplication() {}

    /**
     * Runs the application until the process is stopped.
     *
     * @param arguments properties
     */
    public static void main(String[] arguments) {
        Simulator simulator = start();
        Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "simulator-end"));
        simulator.drive(10);
        Application.main(arguments);
    }

    /** Starts a simulator, and leads the clients that the SDK makes in this process to it. */
    static Simulator start() {
        Simulator simulator = Simulator.builder().clusters(2).tasks(200).build();
        simulator.start();
        System.setProperty("aws.region", "us-east-1");
        System.setProperty("aws.accessKeyId", "simulated");
        System.setProperty("aws.secretAccessKey", "simulated");
        System.setProperty("aws.endpointUrlEcs", simulator.ecsEndpoint().toString());
        System.setProperty("aws.endpointUrlSqs", simulator.sqsEndpoint().toString());
        System.setProperty("css.queue", simulator.queueName());
        return simulator;
    }
}
