package io.clusterstate.benchmarks;

import io.clusterstate.etcdserver.EtcdServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A program that is only a queue server with a simulated ECS. Processes of their own take events out of it in turns: a
 * bare loop, a mirror with a memory store, and a mirror with etcd. Each has a queue of its own there, filled alike,
 * since a mirror must see all events of its clusters.
 */
final class EndToEnd {

    private static final int EVENTS = 8_000;
    private static final int ROUNDS = 8;
    /** Rounds until 200,000 events have passed each process, and compilation is nearly over. */
    private static final int WARM_UP = 25;

    private final List<Consumer> consumers = new ArrayList<>();

    private EndToEnd() {}

    /** A process, its queue, and its costs in the measured rounds. */
    private record Consumer(String name, FilledQueue queue, ChildJvm jvm, List<ChildJvm.Cost> costs) {

        void take() {
            costs.add(jvm.take(queue.fill(EVENTS)));
        }

        double[] rates() {
            return costs.stream().mapToDouble(cost -> 1e9 / cost.wall()).toArray();
        }

        double[] cpus() {
            return costs.stream().mapToDouble(ChildJvm.Cost::cpu).toArray();
        }

        void end() throws IOException, InterruptedException {
            jvm.end();
            queue.close();
        }
    }

    /** Takes no arguments. */
    public static void main(String[] args) {
        GrowthProgram.run(EndToEnd::measure);
    }

    private static void measure() throws IOException, InterruptedException {
        try (EtcdServer etcd = EtcdServer.launch()) {
            EndToEnd race = new EndToEnd();
            FilledQueue queue = new FilledQueue();
            race.add("bare loop", queue, ChildJvm.start(BareDrain.class, List.of(queue.sqs(), queue.url())));
            race.addMirror("css, in memory", List.of());
            race.addMirror("css, in etcd", List.of(etcd.endpoint().toString()));
            race.run();
            race.print();
            for (Consumer consumer : race.consumers) {
                consumer.end();
            }
        }
    }

    private void addMirror(String name, List<String> store) throws IOException {
        FilledQueue queue = new FilledQueue();
        List<String> arguments = new ArrayList<>(List.of(queue.sqs(), queue.url(), queue.ecs()));
        arguments.addAll(store);
        add(name, queue, ChildJvm.start(MirrorDrain.class, arguments));
    }

    private void add(String name, FilledQueue queue, ChildJvm jvm) {
        consumers.add(new Consumer(name, queue, jvm, new ArrayList<>()));
    }

    private void run() {
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            if (round == WARM_UP) {
                consumers.forEach(consumer -> consumer.costs().clear());
            }
            for (int i = 0; i < consumers.size(); i++) {
                consumers.get((round + i) % consumers.size()).take();
            }
        }
    }

    private void print() {
        double[] bare = consumers.get(0).rates();
        for (Consumer consumer : consumers) {
            double[] rates = consumer.rates();
            print(GrowthJob.END_TO_END, consumer.name(), rates);
            print(GrowthJob.END_TO_END_CPU, consumer.name(), consumer.cpus());
            print(
                    GrowthJob.END_TO_END_RATIO,
                    consumer.name(),
                    IntStream.range(0, rates.length)
                            .mapToDouble(i -> rates[i] / bare[i])
                            .toArray());
        }
    }

    private static void print(GrowthJob job, String subject, double[] costs) {
        System.out.println(MeasurementJson.write(new Measurement(job, subject, 1, Spread.of(costs))));
    }
}
