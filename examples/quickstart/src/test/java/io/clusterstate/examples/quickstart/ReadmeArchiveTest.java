package io.clusterstate.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.clusterstate.ClusterStateView;
import io.clusterstate.archive.EndedTask;
import io.clusterstate.archive.FileArchive;
import io.clusterstate.archive.HistoryStep;
import io.clusterstate.archive.StopCause;
import io.clusterstate.examples.quickstart.migration.SimulatedAccount;
import io.clusterstate.testing.Await;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ecs.model.Task;

/** The recipe about the archive, at work: it answers about a task that ECS and the view have forgotten. */
class ReadmeArchiveTest {

    @Test
    @Timeout(300)
    void tellsWhyAForgottenTaskStopped(@TempDir Path directory) throws Exception {
        String arn;
        try (SimulatedAccount account = new SimulatedAccount()) {
            ClusterStateView view = account.view();

            // region: archive
            FileArchive archive = FileArchive.open(directory).follow(view); // one process at a time
            // end: archive

            Task task = view.snapshot()
                    .tasks()
                    .in("default")
                    .status("RUNNING")
                    .first()
                    .orElseThrow();
            arn = task.taskArn();
            account.ecs()
                    .stopTask(request ->
                            request.cluster("default").task(task.taskArn()).reason("a drill"));
            Await.await(() -> archive.task(task.taskArn()).isPresent());
            account.simulator().vanishTask(arn);
            assertTrue(account.ecs()
                    .describeTasks(request -> request.cluster("default").tasks(task.taskArn()))
                    .tasks()
                    .isEmpty());
            archive.close();
        }
        tellsWhy(FileArchive.open(directory), arn);
    }

    /** Asks an archive that follows no view. */
    private static void tellsWhy(FileArchive archive, String arn) {
        try (archive) {
            // region: archive-why
            List<EndedTask> last = archive.of("web").last(50); // newest end first
            List<StopCause> causes = archive.tasks().in("default").causes(); // groups of equal reason and exit code
            List<HistoryStep> timeline = archive.why(arn);
            timeline.forEach(step -> System.out.println(step.at() + " " + step.text() + " " + step.reason()));
            // end: archive-why

            assertTrue(last.stream().allMatch(each -> "web".equals(each.service())), last::toString);
            assertTrue(causes.stream()
                    .anyMatch(each -> String.valueOf(each.reason()).contains("a drill")));
            assertTrue(timeline.stream().anyMatch(each -> "a drill".equals(each.reason())), timeline::toString);
            assertEquals("STOPPED", archive.task(arn).orElseThrow().lastStatus());
        }
    }
}
