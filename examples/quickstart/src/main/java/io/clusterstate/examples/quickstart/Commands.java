package io.clusterstate.examples.quickstart;

import picocli.CommandLine;

/** The common part of the commands here. */
final class Commands {

    private Commands() {}

    /** The command line of a command. A failure is one line; a wrong option or value ends with exit code 2. */
    static CommandLine lineOf(Object command) {
        CommandLine line = new CommandLine(command);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((failure, arguments) -> {
            print(line, failure);
            return line.getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((failure, failed, parsed) -> {
            print(line, failure);
            return failure instanceof IllegalArgumentException
                    ? line.getCommandSpec().exitCodeOnInvalidInput()
                    : line.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    private static void print(CommandLine line, Exception failure) {
        String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        line.getErr().println(line.getCommandName() + ": " + words.replaceAll("\\s*[\r\n]+\\s*", "; "));
    }

    static void requireAtLeast(int least, String option, double value) {
        if (!(value >= least)) {
            String shown = value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
            throw new IllegalArgumentException(option + ": " + shown + " (expected: at least " + least + ")");
        }
    }
}
