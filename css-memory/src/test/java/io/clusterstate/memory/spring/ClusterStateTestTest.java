package io.clusterstate.memory.spring;

import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.clusterstate.ClusterStateView;
import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.mirror.ClusterMirror;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The annotation, beside a test of a whole application that has a queue. */
@SpringBootTest(properties = "css.queue=https://sqs.us-east-1.amazonaws.com/123456789012/queue")
@ClusterStateTest
class ClusterStateTestTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Autowired
    private FakeClusterState fake;

    @Autowired
    private ClusterStateView view;

    @Autowired
    private EcsClient ecs;

    @Autowired
    private ObjectProvider<ClusterMirror> mirrors;

    @RepeatedTest(2)
    void eachTestHasAFakeOfItsOwnAndNoMirror() {
        assertEquals(0, view.snapshot().tasks().count());
        fake.put(task("web-1"));
        assertSame(fake.view(), view);
        assertEquals(1, view.snapshot().tasks().count());
        assertEquals(1, ecs.listTasks().taskArns().size());
        assertEquals(0, mirrors.stream().count());
    }
}
