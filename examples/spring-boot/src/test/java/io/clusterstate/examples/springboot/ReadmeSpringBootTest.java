package io.clusterstate.examples.springboot;

import static io.clusterstate.Requirement.cpu;
import static io.clusterstate.Requirement.memory;
import static io.clusterstate.memory.FakeInstance.instance;
import static io.clusterstate.memory.FakeService.service;
import static io.clusterstate.memory.FakeTask.task;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.clusterstate.memory.FakeClusterState;
import io.clusterstate.memory.spring.ClusterStateTest;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;

/** The controller in a slice, on the fake. */
// region: spring-test
@WebMvcTest(StateController.class)
@ClusterStateTest
class ReadmeSpringBootTest {

    @Test
    void listsTheInstancesWithRoom(@Autowired FakeClusterState fake, @Autowired MockMvc mvc) throws Exception {
        fake.put(instance("full").free(cpu(128), memory(4096)));
        fake.put(instance("quiet").free(cpu(1024), memory(2048)));
        mvc.perform(get("/free?cpu=512")).andExpect(jsonPath("$[0].cpu").value(1024));
        fake.notReady();
        mvc.perform(get("/free")).andExpect(status().isServiceUnavailable());
    }
    // end: spring-test

    @Autowired
    private FakeClusterState fake;

    @Autowired
    private MockMvc mvc;

    @Test
    void aViewThatIsTooOldForTheRequestIs503() throws Exception {
        fake.stale(Duration.ofHours(2));
        mvc.perform(get("/endpoints/web?port=80"))
                .andExpect(status().isServiceUnavailable())
                .andExpect(
                        jsonPath("$.detail").value("The view of the ECS clusters is older than this request permits."));
        mvc.perform(get("/free")).andExpect(status().isOk());
    }

    @Test
    void aTaskIsJsonInThisSliceToo() throws Exception {
        fake.put(task("web-1"));
        mvc.perform(get("/tasks/web-1")).andExpect(jsonPath("$.lastStatus").value("RUNNING"));
    }

    @Test
    void anEndpointIsAddressAndPort() throws Exception {
        NetworkBinding binding = NetworkBinding.builder()
                .bindIP("10.0.0.7")
                .containerPort(80)
                .hostPort(32768)
                .protocol("tcp")
                .build();
        Container web = Container.builder().name("web").networkBindings(binding).build();
        fake.put(service("web"));
        fake.put(task("web-1").ofService("web").with(task -> task.containers(web)));
        mvc.perform(get("/endpoints/web?port=80"))
                .andExpect(jsonPath("$.known[0]").value("10.0.0.7:32768"));
        mvc.perform(get("/endpoints/none?port=80"))
                .andExpect(jsonPath("$.unknown[0]").isString());
    }

    /** Advice that answers every exception. */
    @ControllerAdvice
    static class CatchAll {

        @ExceptionHandler(Exception.class)
        ResponseEntity<String> any() {
            return ResponseEntity.internalServerError().body("any");
        }
    }

    @Nested
    @WebMvcTest(StateController.class)
    @Import(CatchAll.class)
    class BesideAdviceForEveryException {

        @Test
        void aViewThatIsNotReadyStays503() throws Exception {
            fake.notReady();
            mvc.perform(get("/free")).andExpect(status().isServiceUnavailable());
            fake.ready();
            mvc.perform(get("/tasks/none")).andExpect(status().isInternalServerError());
        }
    }
}
