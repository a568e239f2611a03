package io.clusterstate.examples.stateserver;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes the defaults of options from the environment, such as {@code CSS_ETCD_ENDPOINT} for {@code --etcd-endpoint}.
 */
record Environment(Map<String, String> variables) implements IDefaultValueProvider {

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return argument.defaultValue();
        }
        String value = variables.get(variableOf(option.longestName()));
        return value == null || value.isBlank() ? argument.defaultValue() : value;
    }

    static String variableOf(String flag) {
        return "CSS_" + flag.substring("--".length()).replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
