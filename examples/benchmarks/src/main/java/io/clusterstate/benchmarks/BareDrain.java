package io.clusterstate.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/** The least that any consumer must do: receive ten messages and delete them, over and over. */
final class BareDrain extends Drain {

    private final SqsClient sqs;
    private final String url;
    private final AtomicLong left = new AtomicLong();

    private BareDrain(SqsClient sqs, String url) {
        this.sqs = sqs;
        this.url = url;
    }

    /** Takes the queue server's address and the queue's URL. */
    public static void main(String[] args) throws IOException, InterruptedException {
        new BareDrain(SimulatedAws.sqs(args[0]), args[1]).serve();
    }

    @Override
    void take(long messages, CountDownLatch done) {
        left.addAndGet(messages); // a poll that began before may have taken a few of them
        for (int i = 0; i < THREADS; i++) {
            new Thread(() -> {
                        while (left.get() > 0) {
                            long deleted = receiveAndDelete();
                            if (deleted > 0 && left.addAndGet(-deleted) <= rest(messages)) {
                                done.countDown();
                            }
                        }
                    })
                    .start();
        }
    }

    private long receiveAndDelete() {
        List<Message> messages = receive(sqs, url);
        delete(sqs, url, messages);
        return messages.size();
    }

    /** Waits up to a second for messages. */
    static List<Message> receive(SqsClient client, String url) {
        return client.receiveMessage(request ->
                        request.queueUrl(url).maxNumberOfMessages(BATCH).waitTimeSeconds(1))
                .messages();
    }

    static void delete(SqsClient client, String url, List<Message> messages) {
        if (!messages.isEmpty()) {
            List<DeleteMessageBatchRequestEntry> entries = IntStream.range(0, messages.size())
                    .mapToObj(i -> DeleteMessageBatchRequestEntry.builder()
                            .id(Integer.toString(i))
                            .receiptHandle(messages.get(i).receiptHandle())
                            .build())
                    .toList();
            client.deleteMessageBatch(request -> request.queueUrl(url).entries(entries));
        }
    }
}
