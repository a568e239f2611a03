package io.clusterstate.examples.stateserver;

import io.clusterstate.ClusterStateView;
import io.clusterstate.EntityKind;
import io.clusterstate.Snapshot;
import io.clusterstate.archive.Archive;
import io.clusterstate.archive.EndedTaskQuery;
import io.clusterstate.archive.HistoryStep;
import io.clusterstate.archive.StopCause;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers about the past: ended tasks, their causes, and the timeline of an entity. */
final class History {

    private static final String LIMIT = "limit";
    private static final String NEXT = "next";
    private static final String ARN = "arn";
    private static final int MOST = 500;
    private static final int USUAL = 50;
    /** The limit of searched words, each of which costs time. */
    private static final int MOST_CHARACTERS = 1_000;

    private static final Map<String, BiFunction<EndedTaskQuery, String, EndedTaskQuery>> FILTERS = Map.of(
            Filters.CLUSTER,
            EndedTaskQuery::in,
            "service",
            EndedTaskQuery::service,
            "family",
            EndedTaskQuery::family,
            "reason",
            (tasks, words) -> tasks.reason(checked(words)),
            "stopCode",
            EndedTaskQuery::stopCode,
            "exitCode",
            (tasks, code) -> tasks.exitCode(number("exit code (expected: a number such as 137)", code)),
            "sameCauseAs",
            (tasks, arn) -> tasks.sameCauseAs(checkedArn(arn)),
            "q",
            (tasks, words) -> tasks.matching(checked(words)));

    private static final Set<String> PAGED =
            Stream.concat(FILTERS.keySet().stream(), Stream.of(LIMIT, NEXT)).collect(Collectors.toUnmodifiableSet());

    private final ClusterStateView view;
    private final Archive archive;
    private final String source;

    History(ClusterStateView view, HistoryStore store) {
        this.view = view;
        this.archive = store.archive();
        this.source = store.source();
    }

    void addTo(Routes routes) {
        routes.get("/v1/history/tasks", this::answerTasks);
        routes.get("/v1/history/reasons", this::answerReasons);
        routes.get("/v1/history", this::answerTimeline);
    }

    private void answerTasks(Context call) throws IOException {
        Filters filters = Filters.of(call, PAGED);
        EndedTaskQuery.Page page = page(narrowed(filters), filters);
        json(call, fields -> fields.list("items", page.tasks(), HistoryJson::writeTask)
                .number("total", page.total())
                .text("next", page.next().orElse(null))
                .text("source", source));
    }

    private static EndedTaskQuery.Page page(EndedTaskQuery tasks, Filters filters) {
        String asked = filters.values().get(LIMIT);
        String expected = "limit (expected: 1 to " + MOST + ")";
        int limit = asked == null ? USUAL : number(expected, asked);
        if (limit < 1 || limit > MOST) {
            throw HttpError.bad("Invalid " + expected);
        }
        try {
            return tasks.page(limit, filters.values().get(NEXT));
        } catch (IllegalArgumentException e) {
            throw HttpError.bad("Invalid next (expected: that of an earlier answer)");
        }
    }

    private void answerReasons(Context call) throws IOException {
        List<StopCause> causes = narrowed(Filters.of(call, FILTERS.keySet())).causes();
        List<StopCause> newest = causes.subList(0, Math.min(MOST, causes.size()));
        json(call, fields -> fields.list("items", newest, HistoryJson::writeCause)
                .number("total", causes.size())
                .text("source", source));
    }

    private EndedTaskQuery narrowed(Filters filters) {
        EndedTaskQuery tasks = archive.tasks();
        for (Map.Entry<String, String> filter : filters.values().entrySet()) {
            var narrowing = FILTERS.get(filter.getKey());
            tasks = narrowing == null ? tasks : narrowing.apply(tasks, filter.getValue());
        }
        return tasks;
    }

    private void answerTimeline(Context call) throws IOException {
        String arn = checkedArn(Filters.of(call, Set.of(ARN)).values().get(ARN));
        List<HistoryStep> steps = archive.why(arn);
        if (steps.isEmpty() && !isShown(arn)) {
            throw HttpError.unknown("Nothing is known of " + arn);
        }
        json(call, fields -> fields.list("items", steps, HistoryJson::writeStep).text("source", source));
    }

    private boolean isShown(String arn) {
        Snapshot now = view.snapshot();
        return EntityKind.all().stream()
                .anyMatch(kind -> now.observed(kind, arn).isPresent());
    }

    private static String checkedArn(@Nullable String arn) {
        if (arn == null || !Filters.isArn(arn)) {
            throw HttpError.bad("Invalid ARN");
        }
        return arn;
    }

    private static String checked(String words) {
        if (words.codePointCount(0, words.length()) > MOST_CHARACTERS) { // JSON Schema counts code points
            throw HttpError.bad("Invalid words (expected: at most " + MOST_CHARACTERS + " characters)");
        }
        return words;
    }

    private static int number(String word, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw HttpError.bad("Invalid " + word);
        }
    }

    private static void json(Context call, Json.Members members) throws IOException {
        call.contentType(Json.TYPE).header("Cache-Control", "no-store").result(Json.object(members));
    }
}
