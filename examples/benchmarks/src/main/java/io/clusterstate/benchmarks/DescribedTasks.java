package io.clusterstate.benchmarks;

import io.clusterstate.EntityKind;
import io.clusterstate.Origin;
import io.clusterstate.internal.shape.Canonical;
import io.clusterstate.spi.Upsert;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Tasks that the AWS SDK's own client parsed from DescribeTasks responses. The responses come from memory, not from a
 * network.
 */
final class DescribedTasks {

    private static final int PAGE = 100;

    private DescribedTasks() {}

    /** Tasks exactly as the SDK parsed them. */
    static List<Task> tasks(TaskSamples samples, int count) {
        List<Task> tasks = new ArrayList<>(count);
        Answers answers = new Answers();
        try (EcsClient ecs = clientFor(answers)) {
            for (int first = 0; first < count; first += PAGE) {
                answers.next = samples.described(first, Math.min(PAGE, count - first));
                tasks.addAll(ecs.describeTasks(request -> {}).tasks());
            }
        }
        return tasks;
    }

    /** Upserts of these tasks, as the first load of a mirror makes them. */
    static List<Upsert<?>> upserts(TaskSamples samples, int count) {
        List<Upsert<?>> upserts = new ArrayList<>(count);
        for (Task parsed : tasks(samples, count)) {
            Task task = Canonical.of(Task.class, parsed);
            upserts.add(Upsert.of(EntityKind.TASK, parsed.clusterArn(), task, Origin.LOAD, SampleChanges.RECEIVED));
        }
        return upserts;
    }

    private static EcsClient clientFor(SdkHttpClient http) {
        return EcsClient.builder()
                .region(Region.EU_WEST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClient(http)
                .build();
    }

    /** An HTTP client that returns the next body, whatever the request is. */
    private static final class Answers implements SdkHttpClient, ExecutableHttpRequest {

        private String next = "";

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            return this;
        }

        @Override
        public HttpExecuteResponse call() {
            byte[] body = next.getBytes(StandardCharsets.UTF_8);
            return HttpExecuteResponse.builder()
                    .response(SdkHttpResponse.builder().statusCode(200).build())
                    .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
                    .build();
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }
}
