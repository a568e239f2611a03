package io.clusterstate.memory;

import static io.clusterstate.memory.FakeTask.task;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterStateView;
import io.clusterstate.CompositeView;
import io.clusterstate.archive.Archive;
import io.clusterstate.archive.EndedTask;
import io.clusterstate.archive.FileArchive;
import io.clusterstate.archive.ViewArchive;
import io.clusterstate.client.ViewEcsClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives, meters and clients work over a composite view, or refuse it in words. */
class CompositeUsersTest {

    private static final String IN_US = "arn:aws:ecs:us-east-1:123456789012:cluster/prod";

    private final FakeClusterState ireland = new FakeClusterState();
    private final FakeClusterState virginia = new FakeClusterState();
    private final CompositeView view = CompositeView.of(views());

    @TempDir
    private Path directory;

    private Map<String, ClusterStateView> views() {
        Map<String, ClusterStateView> views = new LinkedHashMap<>();
        views.put("eu-west-1", ireland.view());
        views.put("us-east-1", virginia.view());
        return views;
    }

    @AfterEach
    void close() {
        ireland.subscribers().assertNoFailures();
        virginia.subscribers().assertNoFailures();
        ireland.close();
        virginia.close();
    }

    @Test
    void anArchiveOfTheViewHasTheEndedTasksOfAllMembers() {
        String first = ireland.put(task("t1").in("prod").stopped()).taskArn();
        try (Archive archive = ViewArchive.of(view)) {
            String second = virginia.put(task("t2").in(IN_US).stopped()).taskArn();
            String third = ireland.put(task("t3").in("prod").stopped()).taskArn();

            assertEquals(Set.of(first, second, third), endedIn(archive));
            assertFalse(archive.why(second).isEmpty());
            virginia.remove(second);
            assertEquals(Set.of(first, third), endedIn(archive));
            virginia.notReady();
            assertThrows(RuntimeException.class, () -> endedIn(archive));
        }
    }

    @Test
    void anArchiveOfFilesRecordsAllMembers() throws Exception {
        try (FileArchive archive = FileArchive.open(directory, FileArchive.Options.DEFAULT, ireland.clock())) {
            String first = ireland.put(task("t1").in("prod").stopped()).taskArn();
            archive.follow(view);
            String second = virginia.put(task("t2").in(IN_US).stopped()).taskArn();

            assertEquals(Set.of(first, second), endedIn(archive));
            assertFalse(archive.why(second).isEmpty());
            virginia.notReady();
            assertFalse(archive.why(second).isEmpty(), "the files have it");
        }
    }

    private static Set<String> endedIn(Archive archive) {
        return archive.tasks().last(10).stream().map(EndedTask::taskArn).collect(Collectors.toSet());
    }

    @Test
    void aClientNeedsTheViewOfAMember() {
        var ecs = ireland.ecs().client();
        String message = assertThrows(IllegalArgumentException.class, () -> ViewEcsClient.over(view, ecs))
                .getMessage();

        assertTrue(message.contains("the view of one member"), message);
        ViewEcsClient.over(view.members().get("eu-west-1"), ecs).build();
    }
}
