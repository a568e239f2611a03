package io.clusterstate.simulator;

import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.http.scaladsl.Http;
import org.apache.pekko.pattern.Patterns;
import org.elasticmq.CreateQueueData;
import org.elasticmq.MessageContent;
import org.elasticmq.MillisNextDelivery;
import org.elasticmq.NewMessageData;
import org.elasticmq.StrictSQSLimits$;
import org.elasticmq.actor.QueueManagerActor;
import org.elasticmq.msg.CreateQueue;
import org.elasticmq.msg.SendMessage;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.elasticmq.util.NowProvider;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.concurrent.duration.FiniteDuration;
import scala.jdk.javaapi.FutureConverters;
import scala.util.Right;

/**
 * ElasticMQ in this JVM with one queue or more. Events go into each queue directly, which costs a fortieth of sending
 * them over HTTP. Consumers use the SQS endpoint, which can be closed and reopened while the queue stays.
 */
final class QueueServer implements AutoCloseable {
    private static final String CONFIG =
            """
            pekko.daemonic = on
            pekko.loglevel = WARNING
            pekko.stdout-loglevel = ERROR
            pekko.log-dead-letters = off
            pekko.log-dead-letters-during-shutdown = off
            pekko.jvm-exit-on-fatal-error = off
            pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PLACES_IN_THE_PAST = Duration.ofMinutes(10);
    private static final FiniteDuration CLOSING = new FiniteDuration(500, TimeUnit.MILLISECONDS);

    private final String queueName;
    private final String region;
    private final String account;
    private final ActorSystem actors;
    private final ActorRef manager;
    private final List<ActorRef> queues;
    private Http.@Nullable ServerBinding binding;
    private int port;
    private long lastPlace;

    QueueServer(String queueName, List<String> furtherQueues, Arns arns, int port) {
        this.queueName = queueName;
        this.region = arns.region();
        this.account = arns.account();
        this.port = port;
        this.actors = ActorSystem.create(
                "simulator-queue", ConfigFactory.parseString(CONFIG).withFallback(ConfigFactory.load()));
        this.manager = actors.actorOf(Props.create(
                QueueManagerActor.class,
                () -> new QueueManagerActor(new NowProvider(), StrictSQSLimits$.MODULE$, Option.empty())));
        this.queues = Stream.concat(Stream.of(queueName), furtherQueues.stream())
                .map(this::create)
                .toList();
    }

    /** Opens the SQS endpoint, at its former port if it was open before. */
    synchronized void open() {
        if (binding == null) {
            var server = SQSRestServerBuilder.withActorSystem(actors)
                    .withQueueManagerActor(manager)
                    .withInterface("127.0.0.1")
                    .withAWSRegion(region)
                    .withAWSAccountId(account);
            binding = (port == 0 ? server.withDynamicPort() : server.withPort(port))
                    .start()
                    .waitUntilStarted();
            port = binding.localAddress().getPort();
        }
    }

    /** Closes the SQS endpoint and cuts its connections. */
    synchronized void shut() {
        if (binding != null) {
            await(FutureConverters.asJava(binding.terminate(CLOSING)).toCompletableFuture());
            binding = null;
        }
    }

    synchronized URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    String queueUrl() {
        return endpoint() + "/" + account + "/" + queueName;
    }

    /** Puts messages into each queue in this order, and returns when all are in. Thread: a single thread. */
    void send(List<String> bodies) {
        var answers = new ArrayList<CompletableFuture<Object>>(bodies.size() * queues.size());
        for (var body : bodies) {
            var message = new SendMessage(message(body));
            for (var queue : queues) {
                answers.add(Patterns.ask(queue, message, PATIENCE).toCompletableFuture());
            }
        }
        answers.forEach(QueueServer::await);
    }

    @Override
    public void close() {
        try {
            shut();
        } finally {
            actors.terminate();
            await(actors.getWhenTerminated().toCompletableFuture());
        }
    }

    private ActorRef create(String name) {
        var request = new CreateQueue(new CreateQueueData(
                name,
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                false,
                false,
                Option.empty(),
                Option.empty(),
                Map$.MODULE$.empty()));
        var answer = await(Patterns.ask(manager, request, PATIENCE).toCompletableFuture());
        if (answer instanceof Right<?, ?> created && created.value() instanceof ActorRef actor) {
            return actor;
        }
        throw new IllegalArgumentException("queueName: " + name + " (expected: a new queue; " + answer + ")");
    }

    private NewMessageData message(String body) {
        return new NewMessageData(
                Option.empty(),
                new MessageContent(body),
                Map$.MODULE$.empty(),
                new MillisNextDelivery(nextPlace()),
                Option.empty(),
                Option.empty(),
                0,
                Option.empty(),
                Option.empty(),
                Option.empty());
    }

    /**
     * The next place in ElasticMQ's order, which is the millisecond of a message's delivery. A place in the past for
     * each message keeps messages of equal time in order, up to a thousand a second and far more for some minutes.
     */
    private long nextPlace() {
        long now = System.currentTimeMillis();
        lastPlace = Math.min(now, Math.max(lastPlace + 1, now - PLACES_IN_THE_PAST.toMillis()));
        return lastPlace;
    }

    private static Object await(CompletableFuture<?> answer) {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("queue: interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("queue: no answer (expected: one within " + PATIENCE + ")", e);
        }
    }
}
