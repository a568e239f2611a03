package io.clusterstate.simulator;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The servers of a simulator that is started: the ECS endpoint, the queue with its sender, and clients of both. Either
 * can be left out. Thread: under the lock of {@link Simulator}.
 */
final class Endpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Simulator.class);

    private final SimulatorConfig config;
    private final Simulation simulation;
    private final OwnClients clients;
    private @Nullable EcsEndpoint ecs;
    private @Nullable QueueServer queue;
    private @Nullable EventSender sender;

    Endpoints(SimulatorConfig config, Simulation simulation) {
        this.config = config;
        this.simulation = simulation;
        this.clients = new OwnClients(config.region());
    }

    /** Opens all that is not left out. If a port is taken, this throws the server's exception; close this then. */
    void open(CallGate gate) {
        if (config.withSqs()) {
            openQueue();
        }
        if (config.withEcs()) {
            ecs = new EcsEndpoint(new EcsApi(simulation), gate, config.clock(), config.ecsPort());
        }
        LOG.info(
                "simulated ECS started: seed {}, ECS {}, SQS {}",
                config.seed(),
                ecs == null ? "left out" : ecs.endpoint(),
                queue == null ? "left out" : queue.endpoint());
    }

    URI ecs() {
        return required(ecs, "ecsEndpoint").endpoint();
    }

    QueueServer queue(String name) {
        return required(queue, name);
    }

    EcsClient ecsClient() {
        return clients.ecs(required(ecs, "ecsClient").endpoint());
    }

    SqsClient sqsClient() {
        return clients.sqs(required(queue, "sqsClient").endpoint());
    }

    @Override
    public void close() {
        simulation.faults().sqsDoor(open -> {});
        closeAll(clients, sender, ecs, queue);
        sender = null;
        ecs = null;
        queue = null;
    }

    private void openQueue() {
        var server = new QueueServer(
                config.queueName(),
                config.furtherQueues(),
                new Arns(config.region(), config.account()),
                config.sqsPort());
        queue = server;
        server.open();
        simulation.faults().sqsDoor(open -> {
            if (open) {
                server.open();
            } else {
                server.shut();
            }
        });
        if (simulation.faults().sqsIsOut()) {
            server.shut();
        }
        sender = new EventSender(simulation.outbox(), new EventJson(), server);
        sender.start();
    }

    private static void closeAll(@Nullable AutoCloseable... parts) {
        for (var part : parts) {
            try {
                if (part != null) {
                    part.close();
                }
            } catch (Exception e) {
                LOG.warn("simulator: a part did not close: {}", part, e);
            }
        }
    }

    private static <T> T required(@Nullable T part, String name) {
        if (part == null) {
            throw new IllegalStateException(name + ": none (expected: a started simulator with this part, not closed)");
        }
        return part;
    }
}
