package io.clusterstate.simulator;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Makes the events of the world, archives them, and forwards them in the order of the changes. */
final class EventWriter {
    private final Randomness random;
    private final Archive archive;
    private final Consumer<EcsEvent> outbox;

    EventWriter(Randomness random, Archive archive, Consumer<EcsEvent> outbox) {
        this.random = random;
        this.archive = archive;
        this.outbox = outbox;
    }

    void task(LiveTask live) {
        emit(event(live));
    }

    /** Archives, without sending it, the event by which a task began to run before the simulation. */
    void found(LiveTask live) {
        archive.keepOfBefore(event(live));
    }

    void host(LiveHost live) {
        var extra = new LinkedHashMap<String, Object>();
        extra.put("clusterArn", live.cluster().arn());
        extra.put("updatedAt", live.updatedAt());
        emit(new EcsEvent(random.uuid(), EcsEvent.HOST, live.arn(), live.updatedAt(), live.instance(), extra));
    }

    /** Emits a service action. {@code extra} may hold a reason and other members. */
    void service(LiveService service, String type, String name, Instant now, Map<String, Object> extra) {
        var detail = new LinkedHashMap<String, Object>();
        detail.put("eventType", type);
        detail.put("eventName", name);
        detail.put("clusterArn", service.cluster().arn());
        detail.putAll(extra);
        detail.put("createdAt", now);
        emit(new EcsEvent(random.uuid(), EcsEvent.SERVICE, service.arn(), now, null, detail));
    }

    void deployment(Rollout rollout, String type, String name, Instant now) {
        var service = rollout.service();
        var detail = new LinkedHashMap<String, Object>();
        detail.put("eventType", type);
        detail.put("eventName", name);
        detail.put("clusterArn", service.cluster().arn());
        detail.put("deploymentId", rollout.id());
        detail.put("updatedAt", now);
        detail.put("reason", rollout.reason());
        emit(new EcsEvent(random.uuid(), EcsEvent.DEPLOYMENT, service.arn(), now, null, detail));
    }

    private EcsEvent event(LiveTask live) {
        return new EcsEvent(
                random.uuid(),
                EcsEvent.TASK,
                live.arn(),
                live.updatedAt(),
                live.task(),
                Map.of("updatedAt", live.updatedAt()));
    }

    private void emit(EcsEvent event) {
        archive.keep(event);
        outbox.accept(event);
    }
}
