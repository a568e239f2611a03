package io.clusterstate.examples.stateserver;

import com.fasterxml.jackson.core.JsonGenerator;
import io.clusterstate.Endpoint;
import io.clusterstate.EndpointList;
import io.clusterstate.InstanceAddresses;
import io.clusterstate.Snapshot;
import io.clusterstate.TaskQuery;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Running tasks as targets for Prometheus: the whole list each time, in a stable order. Until the view is ready the
 * answer is an error, for which Prometheus keeps the list that it has. Source: Prometheus' documentation, "Writing HTTP
 * Service Discovery".
 */
final class PrometheusTargets {

    private static final String FAMILY = "family";
    private static final String CONTAINER = "container";
    private static final String PORT = "port";
    private static final String INSTANCE_DOMAIN = "instanceDomain";
    private static final Set<String> FILTERS = Set.of(
            Filters.CLUSTER,
            Filters.REGION,
            Filters.ACCOUNT,
            Filters.SERVICE,
            FAMILY,
            CONTAINER,
            PORT,
            INSTANCE_DOMAIN);

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){1,7}");
    private static final int LAST_PORT = 65_535;

    /** The limit of lists being read, each of which may have all tasks. */
    private static final int MOST_AT_ONCE = 4;

    private final Places places;
    private final LargeAnswers answers;

    PrometheusTargets(Places places, ScheduledExecutorService timer, Duration within) {
        this.places = places;
        this.answers = new LargeAnswers(timer, "lists of targets", MOST_AT_ONCE, within);
    }

    void addTo(Routes routes) {
        routes.get("/v1/prometheus-sd", this::answer);
    }

    private void answer(Context call) throws IOException {
        Filters filters = Filters.of(call, FILTERS);
        Map<String, String> values = filters.values();
        int port = port(values.get(PORT));
        Snapshot now = places.in(filters).snapshot();
        EndpointList found = now.endpoints(addresses(now, values.get(INSTANCE_DOMAIN)))
                .of(tasks(now.tasks(), filters))
                .port(port);
        String container = values.get(CONTAINER);
        call.contentType(Json.TYPE)
                .header("Cache-Control", "no-store")
                .header("X-Targets-Unknown", Integer.toString(unknown(found, container)));
        answers.write(call, out -> write(sorted(found, container), new TargetLabels(now, port), out));
    }

    private static int port(@Nullable String text) {
        if (text != null && NUMBER.matcher(text).matches()) {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= LAST_PORT) {
                return port;
            }
        }
        throw HttpError.bad("Invalid port (expected: 1 to " + LAST_PORT + ")");
    }

    private static TaskQuery tasks(TaskQuery all, Filters filters) {
        Map<String, String> values = filters.values();
        TaskQuery narrowed = filters.hasPlace() ? all.where(task -> filters.isAskedFor(task.taskArn())) : all;
        String cluster = values.get(Filters.CLUSTER);
        narrowed = cluster == null ? narrowed : narrowed.in(cluster);
        String service = values.get(Filters.SERVICE);
        narrowed = service == null ? narrowed : narrowed.ofService(service);
        String family = values.get(FAMILY);
        return family == null ? narrowed : narrowed.family(family);
    }

    /**
     * The instances' names in a domain, since ECS does not report their addresses. Source: the EC2 user guide, "EC2
     * instance hostnames and domains": the name {@code i-0123.eu-west-1.compute.internal}.
     */
    private static InstanceAddresses addresses(Snapshot now, @Nullable String domain) {
        if (domain != null && !DOMAIN.matcher(domain).matches()) {
            throw HttpError.bad("Invalid instance domain (expected: one such as eu-west-1.compute.internal)");
        }
        InstanceAddresses addresses = InstanceAddresses.by(
                ids -> ids.stream().collect(Collectors.toMap(Function.identity(), id -> id + '.' + domain)));
        if (domain != null) {
            addresses.refresh(now);
        }
        return addresses;
    }

    private static List<Endpoint> sorted(EndpointList found, @Nullable String container) {
        return found.known().stream()
                .filter(endpoint -> container == null
                        || endpoint.container().map(container::equals).orElseGet(() -> has(endpoint.task(), container)))
                .sorted(Comparator.comparing(
                                (Endpoint endpoint) -> endpoint.task().taskArn())
                        .thenComparing(Endpoint::toString))
                .toList();
    }

    private static int unknown(EndpointList found, @Nullable String container) {
        return (int) found.unknown().stream()
                .filter(each -> container == null
                        || each.task().filter(task -> has(task, container)).isPresent())
                .count();
    }

    private static boolean has(Task task, String container) {
        return task.containers().stream().map(Container::name).anyMatch(container::equals);
    }

    private static void write(List<Endpoint> endpoints, TargetLabels labels, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartArray();
            for (Endpoint endpoint : endpoints) {
                json.writeStartObject();
                json.writeArrayFieldStart("targets");
                json.writeString(endpoint.toString());
                json.writeEndArray();
                json.writeObjectFieldStart("labels");
                labels.write(new Fields(json), endpoint);
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }
}
