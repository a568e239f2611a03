package io.clusterstate.examples.springboot;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;

import io.clusterstate.ClusterStateView;
import io.clusterstate.EndpointList;
import io.clusterstate.ReadPolicy;
import io.clusterstate.ecs.Capacity;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** Answers from the view, without a call of AWS. */
@RestController
final class StateController {

    private final ClusterStateView view;

    StateController(ClusterStateView view) {
        this.view = view;
    }

    @GetMapping("/free")
    List<Room> free(@RequestParam(defaultValue = "0") int cpu, @RequestParam(defaultValue = "0") int memory) {
        return view.snapshot().instances().placeable().withFree(cpu(cpu), memory(memory)).list().stream()
                .map(Room::of)
                .toList();
    }

    @GetMapping("/endpoints/{service}")
    Addresses endpoints(@PathVariable String service, @RequestParam int port) {
        ReadPolicy proven = ReadPolicy.any().atMostStale(Duration.ofHours(1)); // else StaleViewException, thus 503
        return Addresses.of(
                view.read(proven).snapshot().endpoints().ofService(service).port(port));
    }

    @GetMapping("/tasks/{arnOrId}")
    Task task(@PathVariable String arnOrId) { // the SDK's own type, as JSON with the names of the ECS API
        return view.task(arnOrId).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    record Room(String instance, int cpu, int memory) {

        static Room of(ContainerInstance instance) {
            Capacity left = Capacity.remaining(instance);
            return new Room(instance.containerInstanceArn(), left.cpu(), left.memory());
        }
    }

    record Addresses(List<String> known, List<String> unknown) {

        static Addresses of(EndpointList found) {
            return new Addresses(
                    found.known().stream().map(Object::toString).toList(),
                    found.unknown().stream().map(EndpointList.Unknown::reason).toList());
        }
    }
}
