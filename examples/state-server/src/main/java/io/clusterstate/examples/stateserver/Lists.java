package io.clusterstate.examples.stateserver;

import com.fasterxml.jackson.core.JsonGenerator;
import io.clusterstate.EntityKind;
import io.clusterstate.Observed;
import io.clusterstate.Query;
import io.clusterstate.ecs.EcsArn;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;

/** Answers requests for an entity or for all of a kind, each from a single snapshot. */
final class Lists {

    /**
     * The limit of lists being read. It is far below the number of threads, so that slow clients do not block all
     * others.
     */
    private static final int MOST_AT_ONCE = 32;

    /** The filters by place. */
    private static final Set<String> HOMES = Set.of(Filters.REGION, Filters.ACCOUNT);

    private final Places places;
    private final ItemJson items;
    private final ItemJson brief;
    /** A part of every ETag, since a store in memory counts its revisions anew in each process. */
    private final String run = UUID.randomUUID().toString().substring(0, 8);

    private final LargeAnswers answers;

    Lists(Places places, ItemJson items, ItemJson brief, ScheduledExecutorService timer, Duration within) {
        this.places = places;
        this.items = items;
        this.brief = brief;
        this.answers = new LargeAnswers(timer, "lists", MOST_AT_ONCE, within);
    }

    void addTo(Routes routes, List<Kind<?, ?>> kinds) {
        kinds.forEach(kind -> addTo(routes, kind));
    }

    private <T, Q extends Query<T, Q>> void addTo(Routes routes, Kind<T, Q> kind) {
        Set<String> filters = new HashSet<>(kind.filters().keySet());
        filters.addAll(HOMES);
        filters.addAll(Set.of(Filters.CLUSTER, Filters.ENDED, Page.LIMIT, Page.NEXT));
        routes.get("/v1/" + kind.path(), call -> list(call, kind, Filters.of(call, filters), items));
        if (kind.hasBriefForm()) {
            routes.get("/v1/brief/" + kind.path(), call -> list(call, kind, Filters.of(call, filters), brief));
        }
        if (kind.kind() == EntityKind.CLUSTER) {
            routes.get("/v1/" + kind.path() + "/{cluster}", call -> named(call, kind));
        } else {
            routes.get("/v1/" + kind.path() + "/{cluster}/<arn>", call -> one(call, kind));
        }
    }

    private <T, Q extends Query<T, Q>> void list(Context call, Kind<T, Q> kind, Filters filters, ItemJson form)
            throws IOException {
        Places.Shown now = places.in(filters);
        Q narrowed = filters.narrow(kind.query().apply(now.snapshot()), kind.filters(), kind.statuses());
        Boolean ended = filters.ended();
        Q found = ended == null ? narrowed : narrowed.where(each -> kind.kind().hasEnded(each) == ended);
        Page page = Page.of(filters, now.revisions());
        if (!isKnown(call, now.revisions(), now.revisions().toString())) {
            call.contentType(Json.TYPE);
            answers.write(call, out -> write(fields -> page.write(fields, filters.asked(found), form::write), out));
        }
    }

    private static void write(Json.Members list, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartObject();
            list.write(new Fields(json));
            json.writeEndObject();
        }
    }

    private <T, Q extends Query<T, Q>> void named(Context call, Kind<T, Q> kind) throws IOException {
        String name = cluster(call);
        Filters filters = Filters.of(call, HOMES);
        Places.Shown now = places.in(filters);
        List<Observed<T>> found =
                filters.asked(kind.query().apply(now.snapshot()).in(name)).toList();
        if (found.size() > 1) {
            throw HttpError.bad("Several clusters have this name (expected: region, account, or both)");
        }
        answer(call, kind, now, found.stream().findFirst());
    }

    /** Answers with an entity. The cluster's name is in the path and in ARNs of the long form; the two must agree. */
    private <T> void one(Context call, Kind<T, ?> kind) throws IOException {
        String cluster = cluster(call);
        String arn = call.pathParam("arn");
        if (!Filters.isArn(arn)) {
            throw HttpError.bad("Invalid ARN");
        }
        Filters.of(call, Set.of());
        Places.Shown now = places.homeOf(arn).orElseThrow(() -> unknown(kind));
        answer(call, kind, now, now.snapshot().observed(kind.kind(), arn).filter(each -> EcsArn.nameOf(
                        each.clusterArn())
                .equals(cluster)));
    }

    private <T> void answer(Context call, Kind<T, ?> kind, Places.Shown now, Optional<Observed<T>> found)
            throws IOException {
        Observed<T> observed = found.orElseThrow(() -> unknown(kind));
        if (!isKnown(call, now.revisions(), Long.toString(observed.revision()))) {
            call.contentType(Json.TYPE).result(Json.object(fields -> items.write(fields, observed)));
        }
    }

    private static HttpError unknown(Kind<?, ?> kind) {
        return HttpError.unknown(kind.word() + " not found");
    }

    private static String cluster(Context call) {
        String name = call.pathParam("cluster");
        if (!Filters.isClusterName(name)) {
            throw HttpError.bad("Invalid cluster ARN or name");
        }
        return name;
    }

    /** Sets the headers about the revisions, and returns whether the client has that state already. */
    private boolean isKnown(Context call, Revisions shown, String changed) {
        EntityTag tag = new EntityTag(run + '-' + changed);
        call.header("X-Entity-Version", shown.toString())
                .header("ETag", tag.header())
                .header("Cache-Control", "no-cache");
        boolean isKnown = tag.isNamedIn(call.header("If-None-Match"));
        if (isKnown) {
            call.status(304);
        }
        return isKnown;
    }
}
