package io.clusterstate.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** What css is allowed, as the files of this folder say. */
final class Policies {

    /** Statements about css itself, and not about who installs it, have names that begin so. */
    private static final String ABOUT_CSS = "Css";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Policies() {}

    /** On AWS: the role of its task. */
    static Set<String> ofTheTask() throws IOException {
        JsonNode role = JSON.readTree(
                        Path.of("aws/conf/cloudformation_template.json").toFile())
                .at("/Resources/TaskRole/Properties");
        return actions(role.at("/Policies/0/PolicyDocument"));
    }

    /** On a machine of one's own: the profile's. */
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
