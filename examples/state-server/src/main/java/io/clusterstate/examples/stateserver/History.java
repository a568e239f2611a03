package io.clusterstate.examples.stateserver;

import io.clusterstate.EntityKind;
import io.clusterstate.NotReadyException;
import io.clusterstate.Snapshot;
import io.clusterstate.archive.EndedTask;
import io.clusterstate.archive.EndedTaskQuery;
import io.clusterstate.archive.HistoryStep;
import io.clusterstate.archive.StopCause;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
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
            Filters.SERVICE,
            EndedTaskQuery::service,
            "family",
            EndedTaskQuery::family,
            "reason",
            (tasks, words) -> tasks.reason(checked(words)),
            "stopCode",
            EndedTaskQuery::stopCode,
            "exitCode",
            (tasks, code) -> tasks.exitCode(number("exit code (expected: a number such as 137)", code)),
            Filters.SAME_CAUSE_AS,
            (tasks, arn) -> tasks.sameCauseAs(checkedArn(arn)),
            "q",
            (tasks, words) -> tasks.matching(checked(words)));

    private static final Set<String> PAGED =
            Stream.concat(FILTERS.keySet().stream(), Stream.of(LIMIT, NEXT)).collect(Collectors.toUnmodifiableSet());

    private static final Comparator<EndedTask> NEWEST_FIRST =
            Comparator.comparing(EndedTask::endedAt).reversed().thenComparing(EndedTask::taskArn);

    private final Places places;
    private final Histories histories;
    private final String source;

    History(Places places, Histories histories) {
        this.places = places;
        this.histories = histories;
        this.source = histories.source();
    }

    void addTo(Routes routes) {
        routes.get("/v1/history/tasks", this::answerTasks);
        routes.get("/v1/history/reasons", this::answerReasons);
        routes.get("/v1/history", this::answerTimeline);
    }

    private void answerTasks(Context call) throws IOException {
        Filters filters = Filters.of(call, PAGED);
        int limit = limit(filters);
        Answers<EndedTaskQuery.Page> pages = ask(filters, tasks -> page(tasks, limit, filters));
        List<EndedTask> tasks = pages.all().stream()
                .flatMap(page -> page.tasks().stream())
                .sorted(NEWEST_FIRST)
                .limit(limit)
                .toList();
        json(call, fields -> fields.list("items", tasks, HistoryJson::writeTask)
                .number(
                        "total",
                        pages.all().stream()
                                .mapToLong(EndedTaskQuery.Page::total)
                                .sum())
                .text("next", next(pages.all(), tasks))
                .textsIfAny("missing", pages.missing())
                .text("source", source));
    }

    /** The cursor after the shown tasks, which is valid in each place; null if these are the last. */
    private static @Nullable String next(List<EndedTaskQuery.Page> pages, List<EndedTask> shown) {
        long found = pages.stream().mapToLong(page -> page.tasks().size()).sum();
        Optional<String> next =
                pages.stream().flatMap(page -> page.next().stream()).findFirst();
        if (pages.size() == 1 || shown.isEmpty() || (found == shown.size() && next.isEmpty())) {
            return next.orElse(null);
        }
        return EndedTaskQuery.cursorAfter(shown.get(shown.size() - 1));
    }

    private static int limit(Filters filters) {
        String asked = filters.values().get(LIMIT);
        String expected = "limit (expected: 1 to " + MOST + ")";
        int limit = asked == null ? USUAL : number(expected, asked);
        if (limit < 1 || limit > MOST) {
            throw HttpError.bad("Invalid " + expected);
        }
        return limit;
    }

    private static EndedTaskQuery.Page page(EndedTaskQuery tasks, int limit, Filters filters) {
        try {
            return tasks.page(limit, filters.values().get(NEXT));
        } catch (IllegalArgumentException e) {
            throw HttpError.bad("Invalid next (expected: that of an earlier answer)");
        }
    }

    /** Answers with the causes, those of each place by themselves. */
    private void answerReasons(Context call) throws IOException {
        Filters filters = Filters.of(call, FILTERS.keySet());
        Answers<List<StopCause>> causes = ask(filters, EndedTaskQuery::causes);
        List<StopCause> all = causes.all().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(StopCause::lastEndedAt).reversed())
                .toList();
        json(call, fields -> fields.list("items", all.subList(0, Math.min(MOST, all.size())), HistoryJson::writeCause)
                .number("total", all.size())
                .textsIfAny("missing", causes.missing())
                .text("source", source));
    }

    /**
     * The answers of the places.
     *
     * @param all one for each place that answers
     * @param missing the names of the places that are not ready, or whose records wait for the disk
     */
    private record Answers<T>(List<T> all, List<String> missing) {}

    /** Asks the places that may have the filtered tasks. It throws if none of them is ready. */
    private <T> Answers<T> ask(Filters filters, Function<EndedTaskQuery, T> query) {
        List<T> all = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        NotReadyException unready = null;
        for (String place : places.names(filters)) {
            HistoryStore history = histories.place(place);
            boolean lacksSome = places.areSeveral() && history.isBehind();
            try {
                all.add(query.apply(narrowed(history.archive().tasks(), filters)));
                if (lacksSome) {
                    missing.add(place);
                }
            } catch (NotReadyException e) {
                unready = e;
                missing.add(place);
            }
        }
        if (all.isEmpty() && unready != null) {
            throw unready;
        }
        return new Answers<>(all, missing);
    }

    private static EndedTaskQuery narrowed(EndedTaskQuery all, Filters filters) {
        EndedTaskQuery tasks = all;
        for (Map.Entry<String, String> filter : filters.values().entrySet()) {
            var narrowing = FILTERS.get(filter.getKey());
            tasks = narrowing == null ? tasks : narrowing.apply(tasks, filter.getValue());
        }
        return tasks;
    }

    private void answerTimeline(Context call) throws IOException {
        String arn = checkedArn(Filters.of(call, Set.of(ARN)).values().get(ARN));
        HistoryStore home = places.nameOfHome(arn).map(histories.places()::get).orElseThrow(() -> unknown(arn));
        List<HistoryStep> steps = home.archive().why(arn);
        if (steps.isEmpty() && !isShown(arn)) {
            throw unknown(arn);
        }
        json(call, fields -> fields.list("items", steps, HistoryJson::writeStep).text("source", source));
    }

    private static HttpError unknown(String arn) {
        return HttpError.unknown("Nothing is known of " + arn);
    }

    private boolean isShown(String arn) {
        Optional<Snapshot> now = places.homeOf(arn).map(Places.Shown::snapshot);
        return now.isPresent()
                && EntityKind.all().stream()
                        .anyMatch(kind -> now.get().observed(kind, arn).isPresent());
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
