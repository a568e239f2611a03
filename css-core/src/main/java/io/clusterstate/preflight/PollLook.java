package io.clusterstate.preflight;

import io.clusterstate.internal.shape.AwsSdk;
import io.clusterstate.internal.sqs.PollWait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * A poll as a mirror makes it. It receives at most one message, since each receipt brings a message nearer to the dead
 * letters. SQS answers the poll of a queue with messages at once; then a server on this host that never answers shows
 * whether the client bears the wait.
 */
final class PollLook {

    private static final PreflightCheck CHECK = PreflightCheck.POLL_WAIT;
    private static final String RIGHT = "sqs:ReceiveMessage";

    /** The time by which an answer of SQS may come later than the wait. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private final SqsClient sqs;
    private final Queue queue;
    private final Duration wait;
    private final Findings findings;
    private final Trial trial;

    PollLook(SqsClient sqs, Queue queue, Duration wait, Findings findings) {
        this.sqs = sqs;
        this.queue = queue;
        this.wait = wait;
        this.findings = findings;
        this.trial = Trial.ofMirror(findings);
    }

    /** Polls. Blocks: for little more than the wait. */
    void look() {
        if (queue.mostReceipts() < Queue.LEAST_RECEIPTS) {
            findings.unknown(
                    PreflightCheck.RECEIVE,
                    "not tried, since a message moves to the dead letters after " + queue.mostReceipts() + " receipts",
                    "a redrive policy with at least " + Queue.LEAST_RECEIPTS + " receipts",
                    Optional.of("Mend dead-letters first."));
            pollNobody();
            return;
        }
        long begun = System.nanoTime();
        try {
            boolean isEmpty = receive(wait, Trial.LIMIT, AwsSdk::withoutRetries).isEmpty();
            findings.ok(PreflightCheck.RECEIVE, "allowed");
            if (isEmpty) {
                findings.ok(CHECK, "the SQS client waits " + wait.toSeconds() + " s");
            }
        } catch (AwsServiceException e) {
            right(() -> {
                throw e;
            });
        } catch (SdkClientException e) {
            failed(e, since(begun));
            right(() -> receive(Duration.ZERO, Trial.LIMIT, AwsSdk::withoutRetries));
        }
        if (!findings.has(CHECK)) {
            pollNobody();
        }
    }

    private void right(Supplier<List<Message>> call) {
        trial.call(PreflightCheck.RECEIVE, RIGHT, queue.arn(), call)
                .ifPresent(received -> findings.ok(PreflightCheck.RECEIVE, "allowed"));
    }

    /** Polls a server that takes the request in and never answers. It gets no credentials. */
    private void pollNobody() {
        long begun = System.nanoTime();
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String host = silent.getInetAddress().getHostAddress();
            URI endpoint = URI.create(
                    "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + silent.getLocalPort());
            receive(wait, MARGIN, client -> {
                AwsSdk.withoutRetries(client);
                client.endpointOverride(endpoint);
                ((AwsServiceClientConfiguration.Builder) client)
                        .credentialsProvider(AnonymousCredentialsProvider.create());
            });
            unknown("something else answered for a server on this host");
        } catch (ApiCallTimeoutException e) {
            findings.ok(CHECK, "the SQS client waits " + wait.toSeconds() + " s for a server on this host");
        } catch (SdkException e) {
            failed(e, since(begun));
        } catch (IOException e) {
            unknown(String.valueOf(e.getMessage()));
        }
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private String expected() {
        return "a socket timeout well above the wait of " + wait.toSeconds() + " s";
    }

    private void failed(SdkException failure, Duration after) {
        if (PollWait.gaveUpReading(failure)) {
            findings.missing(
                    CHECK,
                    "the SQS client gave up after " + after.toMillis() / 1e3 + " s",
                    expected(),
                    "SqsClient.builder().httpClientBuilder(\n"
                            + "    Apache5HttpClient.builder().socketTimeout(Duration.ofSeconds(30)))");
        } else {
            unknown(String.valueOf(failure.getMessage()));
        }
    }

    private void unknown(String why) {
        findings.unknown(
                CHECK,
                why,
                expected(),
                Optional.of("Look again while the queue is empty, or read mirror.status().problems()."));
    }

    private List<Message> receive(Duration longest, Duration more, SdkPlugin plugin) {
        return sqs.receiveMessage(request -> request.queueUrl(queue.url())
                        .maxNumberOfMessages(1)
                        .visibilityTimeout(0)
                        .waitTimeSeconds((int) longest.toSeconds())
                        .overrideConfiguration(AwsRequestOverrideConfiguration.builder()
                                .apiCallTimeout(longest.plus(more))
                                .addPlugin(plugin)
                                .build()))
                .messages();
    }
}
