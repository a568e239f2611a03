package io.clusterstate.examples.tools;

import picocli.CommandLine;

/** The common part of all commands here. */
final class Commands {

    private Commands() {}

    /** The command line of a command. It prints a failure in one line, without a stack trace. */
    static CommandLine lineOf(Object command) {
        CommandLine line = new CommandLine(command);
        line.setExecutionExceptionHandler((failure, failed, parsed) -> {
            failed.getErr().println(line.getCommandName() + ": " + failure.getMessage());
            return failed.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }
}
