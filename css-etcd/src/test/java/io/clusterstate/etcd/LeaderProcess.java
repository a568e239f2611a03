package io.clusterstate.etcd;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A process that stands for a lead, and answers each line of its input with its term. */
final class LeaderProcess {

    private LeaderProcess() {}

    /** Arguments: etcd's address, the namespace, the name, the lease in seconds. */
    @SuppressWarnings("SystemOut") // its parent reads it
    public static void main(String[] arguments) throws Exception {
        Etcd etcd = Etcd.at(arguments[0]).namespace(arguments[1]);
        try (Leadership leadership =
                        Leadership.of(etcd, arguments[2], Duration.ofSeconds(Long.parseLong(arguments[3])));
                BufferedReader questions =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            leadership.start();
            leadership.awaitLead(Duration.ofMinutes(1));
            System.out.println("leads");
            for (String question = questions.readLine(); question != null; question = questions.readLine()) {
                System.out.println(question + " " + leadership.term());
            }
        }
    }
}
