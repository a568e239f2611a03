package io.clusterstate.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The rights of css, read from the files of this folder. */
final class Policies {

    /** The prefix of the names of statements about css itself; the others are about its installer. */
    private static final String ABOUT_CSS = "Css";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Policies() {}

    /** The rights on AWS: those of the task's role. */
    static Set<String> ofTheTask() throws IOException {
        JsonNode role = JSON.readTree(
                        Path.of("aws/conf/cloudformation_template.json").toFile())
                .at("/Resources/TaskRole/Properties");
        return actions(role.at("/Policies/0/PolicyDocument"));
    }

    /** The rights on your own machine: those of the profile. */
    static Set<String> ofTheProfile() throws IOException {
        return actions(
                JSON.readTree(Path.of("docker/conf/cloudformation_policy.json").toFile()));
    }

    private static Set<String> actions(JsonNode document) {
        Set<String> found = new TreeSet<>();
        for (JsonNode statement : document.path("Statement")) {
            if (statement.path("Sid").asText().startsWith(ABOUT_CSS)) {
                JsonNode action = statement.path("Action");
                if (action.isTextual()) {
                    found.add(action.asText());
                }
                action.forEach(each -> found.add(each.asText()));
            }
        }
        return found;
    }
}
