package io.clusterstate.benchmarks;

/** The end of a program that has threads which would keep its JVM alive. */
final class GrowthProgram {

    private GrowthProgram() {}

    /** The program. */
    interface Work {
        void run() throws Exception;
    }

    /** Runs the program and exits the JVM, with exit code 1 after an exception. */
    @SuppressWarnings("CatchAndPrintStackTrace") // the JVM that started the program reads it
    static void run(Work work) {
        int code = 1;
        try {
            work.run();
            code = 0;
        } catch (Exception e) {
            e.printStackTrace();
        } finally {
            System.exit(code);
        }
    }
}
