package io.clusterstate.examples.soak;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.Task;

/** A client of an ECS that denies some tasks: it lists none of them, and answers MISSING about them. */
final class LyingEcs {

    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private final EcsClient honest;

    LyingEcs(EcsClient honest) {
        this.honest = honest;
    }

    void deny(String taskArn) {
        denied.add(taskArn);
    }

    EcsClient client() {
        return (EcsClient) Proxy.newProxyInstance(
                EcsClient.class.getClassLoader(), new Class<?>[] {EcsClient.class}, (proxy, method, arguments) -> {
                    try {
                        return lie(method.invoke(honest, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Object lie(Object answer) {
        if (answer instanceof ListTasksResponse list) {
            return list.toBuilder()
                    .taskArns(list.taskArns().stream()
                            .filter(arn -> !denied.contains(arn))
                            .toList())
                    .build();
        }
        return answer instanceof DescribeTasksResponse tasks ? lie(tasks) : answer;
    }

    private DescribeTasksResponse lie(DescribeTasksResponse tasks) {
        Map<Boolean, List<Task>> parts =
                tasks.tasks().stream().collect(Collectors.partitioningBy(task -> denied.contains(task.taskArn())));
        Stream<Failure> missing = parts.get(true).stream()
                .map(task ->
                        Failure.builder().arn(task.taskArn()).reason("MISSING").build());
        return tasks.toBuilder()
                .tasks(parts.get(false))
                .failures(Stream.concat(tasks.failures().stream(), missing).toList())
                .build();
    }
}
