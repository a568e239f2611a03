package io.clusterstate.examples.springboot;

import io.clusterstate.simulator.Simulator;
import org.springframework.boot.SpringApplication;

/**
 * The application on a simulated ECS in this process. The SDK's own settings lead its clients to the simulator, as they
 * would to an account.
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
        SpringApplication.getShutdownHandlers().add(simulator::close); // after the application
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
        return simulator;
    }
}
