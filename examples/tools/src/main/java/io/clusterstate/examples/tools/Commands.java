package io.clusterstate.examples.tools;

import picocli.CommandLine;

/** What all commands here have in common. */
final class Commands {

    private Commands() {}

    /** The command line of a command; what fails is said in one line, without a stack trace. */
    static CommandLine lineOf(Object command) {
        CommandLine line = new CommandLine(command);
        line.setExecutionExceptionHandler((failure, failed, parsed) -> {
            failed.getErr().println(line.getCommandName() + ": " + failure.getMessage());
            return failed.getCommandSpec().exitCodeOnExecutionException();
        });
        return line;
    }
}
