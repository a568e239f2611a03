package io.clusterstate.mirror;

import io.clusterstate.testing.SimulatorFixture;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** The clients of one mirror among several on a simulator, which a test can cut off from it alone. */
final class Network implements ExecutionInterceptor, AutoCloseable {

    private final List<SdkClient> clients = new CopyOnWriteArrayList<>();
    private volatile boolean isCut;

    void cut(boolean off) {
        isCut = off;
    }

    /** Builds a client that leads to an endpoint of a simulator, unless the network is cut. */
    <B extends AwsClientBuilder<B, C>, C extends SdkClient> C lead(URI endpoint, B builder) {
        C client = SimulatorFixture.at(endpoint, builder)
                .overrideConfiguration(config ->
                        config.addExecutionInterceptor(this).retryStrategy(strategy -> strategy.maxAttempts(1)))
                .build();
        clients.add(client);
        return client;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (isCut) {
            throw SdkClientException.create("the network is cut");
        }
    }

    @Override
    public void close() {
        clients.forEach(SdkClient::close);
    }
}
