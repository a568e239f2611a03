package com.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** Reads ECS events from a queue, and reports each task that failed to start. ECS sends events at least once. */
public final class FailedStarts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SqsClient sqs;
    private final String queueUrl;
    private final Set<String> reported = new HashSet<>();

    public FailedStarts(SqsClient sqs, String queueUrl) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
    }

    /** Empties the queue, and returns a reason for each failed task that was not reported before. */
    public List<String> poll() throws IOException {
        List<String> reasons = new ArrayList<>();
        for (List<Message> batch = receive(); !batch.isEmpty(); batch = receive()) {
            for (Message message : batch) {
                JsonNode task = JSON.readTree(message.body()).path("detail");
                boolean failed = task.path("stopCode").asText().equals("TaskFailedToStart")
                        && task.path("lastStatus").asText().equals("STOPPED");
                if (failed && reported.add(task.path("taskArn").asText())) {
                    reasons.add(task.path("stoppedReason").asText());
                }
                sqs.deleteMessage(request -> request.queueUrl(queueUrl).receiptHandle(message.receiptHandle()));
            }
        }
        return reasons;
    }

    private List<Message> receive() {
        return sqs.receiveMessage(request -> request.queueUrl(queueUrl).maxNumberOfMessages(10)).messages();
    }
}
