package io.clusterstate.archive;

import io.clusterstate.archive.Catalogue.Found;
import io.clusterstate.archive.Catalogue.Mark;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A query over ended tasks, newest end first. Each narrowing returns another query. Nothing is searched before a method
 * that returns results.
 *
 * <p>A search looks at an index in memory: some milliseconds at 100,000 tasks. An archive of files then reads the
 * records that it returns from disk.
 *
 * <p>Thread: immutable.
 */
public final class EndedTaskQuery {

    private static final int MOST = 10_000;

    private final RecordSource source;
    private final TaskFilter filter;

    /**
     * A page of ended tasks.
     *
     * @param tasks the tasks, newest end first
     * @param total the number of all tasks that match, of all pages
     * @param next the cursor of the next page; empty at the end
     */
    public record Page(List<EndedTask> tasks, long total, Optional<String> next) {}

    EndedTaskQuery(RecordSource source, TaskFilter filter) {
        this.source = source;
        this.filter = filter;
    }

    private EndedTaskQuery with(TaskFilter narrowed) {
        return new EndedTaskQuery(source, narrowed);
    }

    /**
     * Narrows to a cluster.
     *
     * @param cluster a name or an ARN
     * @return the narrowed query
     */
    public EndedTaskQuery in(String cluster) {
        return with(filter.in(cluster));
    }

    /**
     * Narrows to a service.
     *
     * @param name the service's name
     * @return the narrowed query
     */
    public EndedTaskQuery service(String name) {
        return with(filter.and(profile -> name.equals(profile.service())));
    }

    /**
     * Narrows to the revisions of a task definition.
     *
     * @param family the family
     * @return the narrowed query
     */
    public EndedTaskQuery family(String family) {
        return with(filter.and(profile -> family.equals(profile.parts().family())));
    }

    /**
     * Narrows by the reasons of the task and its containers.
     *
     * @param words words, each of which has to be in a reason, in upper or lower case
     * @return the narrowed query
     */
    public EndedTaskQuery reason(String words) {
        return with(filter.reason(words));
    }

    /**
     * Narrows to a stop code.
     *
     * @param code a code such as {@code TaskFailedToStart}
     * @return the narrowed query
     */
    public EndedTaskQuery stopCode(String code) {
        return with(filter.and(profile -> code.equals(profile.parts().stopCode())));
    }

    /**
     * Narrows to tasks of which a container ended with a code.
     *
     * @param code an exit code such as 137
     * @return the narrowed query
     */
    public EndedTaskQuery exitCode(int code) {
        return with(filter.and(profile -> profile.hasExitCode(code)));
    }

    /**
     * Narrows to tasks that ended by the same cause as a task, as {@link #causes} groups them.
     *
     * @param taskArn an ended task, such as {@link StopCause#example}
     * @return the narrowed query, which finds nothing if that task is not known
     */
    public EndedTaskQuery sameCauseAs(String taskArn) {
        Optional<TaskProfile.Cause> cause =
                source.catalogue().get(taskArn).map(entry -> entry.profile().cause());
        return with(filter.and(profile -> cause.equals(Optional.of(profile.cause()))));
    }

    /**
     * Narrows by words in stop code, reasons, names and images of containers, exit codes as {@code exit 137}, family,
     * service, and task ARN.
     *
     * @param words words, each of which has to be found, in upper or lower case
     * @return the narrowed query
     */
    public EndedTaskQuery matching(String words) {
        return with(filter.matching(words));
    }

    /**
     * The tasks that ended last.
     *
     * @param most the largest number, up to 10,000
     * @return the tasks, newest end first
     * @throws IllegalArgumentException if the number is not between 1 and 10,000
     */
    public List<EndedTask> last(int most) {
        return source.load(source.catalogue().newest(filter, checked(most)));
    }

    /**
     * A page of the tasks.
     *
     * @param most the largest number, up to 10,000
     * @param cursor the cursor of the page before; null for the first page. It stays valid while tasks come and go
     * @return the page
     * @throws IllegalArgumentException if the cursor is none of this method, or the number is not between 1 and 10,000
     */
    public Page page(int most, @Nullable String cursor) {
        Found found = source.catalogue().find(filter, cursor == null ? null : markOf(cursor), checked(most));
        List<Catalogue.Entry> entries = found.entries();
        Optional<String> next =
                found.hasMore() ? Optional.of(cursorOf(entries.get(entries.size() - 1))) : Optional.empty();
        return new Page(source.load(entries), found.total(), next);
    }

    /**
     * The number of tasks.
     *
     * @return the number of all that match
     */
    public long count() {
        return source.catalogue().find(filter, null, 0).total();
    }

    /**
     * The causes of the tasks' ends.
     *
     * @return groups of tasks of an equal cause, the group with the newest end first
     */
    public List<StopCause> causes() {
        return source.catalogue().causes(filter);
    }

    private static int checked(int most) {
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("most: " + most + " (expected: 1 to " + MOST + ")");
        }
        return most;
    }

    /**
     * The cursor of the page that begins after a task. It is valid in every archive, so that pages of several archives
     * can be merged.
     *
     * @param task the last task of the page before
     * @return the cursor
     */
    public static String cursorAfter(EndedTask task) {
        return cursorOf(task.endedAt().toEpochMilli(), task.taskArn());
    }

    private static String cursorOf(Catalogue.Entry last) {
        return cursorOf(last.end(), last.arn());
    }

    private static String cursorOf(long end, String arn) {
        byte[] text = (end + " " + arn).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    private static Mark markOf(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            int space = text.indexOf(' ');
            return new Mark(Long.parseLong(text.substring(0, Math.max(0, space))), text.substring(space + 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cursor: " + cursor + " (expected: the cursor of a page)", e);
        }
    }
}
