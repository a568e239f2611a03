package io.clusterstate.examples.tools;

import picocli.CommandLine;

/** The common part of all commands here. */
final class Commands {

    private Commands() {}

    /** The command line of a command. A failure is one line; a wrong option or value ends with exit code 2. */
    static CommandLine lineOf(Object command) {
        CommandLine line = new CommandLine(command);
        line.setParameterExceptionHandler((failure, arguments) -> {
            line.getErr().println(line.getCommandName() + ": " + words(failure));
            return line.getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((failure, failed, parsed) -> {
            failed.getErr().println(line.getCommandName() + ": " + words(failure));
            return failed.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }

    /** The message of a failure, in a line. */
    static String words(Exception failure) {
        String words = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return words.strip().replaceAll("\\s*[\r\n]+\\s*", "; ");
    }
}
