package io.clusterstate.benchmarks;

import java.util.SplittableRandom;

/** The ids of a sample entity. They follow from its number, so that an equal number gives equal ids. */
final class SampleIds {

    static final String ACCOUNT = "123456789012";
    static final String REGION = "eu-west-1";

    private static final String ARNS = "arn:aws:ecs:" + REGION + ":" + ACCOUNT + ":";
    private static final String HEX = "0123456789abcdef";

    private final int number;
    private final String cluster;
    private final String id;

    private SampleIds(int number, String cluster, int salt) {
        this.number = number;
        this.cluster = cluster;
        this.id = hex(new SplittableRandom(number * 31L + salt), 32);
    }

    static SampleIds task(int number, String cluster) {
        return new SampleIds(number, cluster, 1);
    }

    static SampleIds instance(int number, String cluster) {
        return new SampleIds(number, cluster, 2);
    }

    static String clusterArn(String cluster) {
        return ARNS + "cluster/" + cluster;
    }

    String clusterArn() {
        return clusterArn(cluster);
    }

    String taskArn() {
        return ARNS + "task/" + cluster + '/' + id;
    }

    String containerArn(int container) {
        return ARNS + "container/" + cluster + '/' + id + '/' + uuid(10 + container);
    }

    String instanceArn() {
        return ARNS + "container-instance/" + cluster + '/' + id;
    }

    String taskDefinitionArn(String family) {
        return ARNS + "task-definition/" + family + ":" + (number % 3 + 7);
    }

    int number() {
        return number;
    }

    /** An id of this entity, of {@code digits} hexadecimal digits. */
    String hex(int which, int digits) {
        return hex(new SplittableRandom(number * 1_000_003L + which), digits);
    }

    /** A UUID of this entity. */
    String uuid(int which) {
        String digits = hex(which, 32);
        return digits.substring(0, 8)
                + '-'
                + digits.substring(8, 12)
                + '-'
                + digits.substring(12, 16)
                + '-'
                + digits.substring(16, 20)
                + '-'
                + digits.substring(20);
    }

    /** An IP address in the private network. */
    String address() {
        return "10." + (number >> 16 & 0xff) + '.' + (number >> 8 & 0xff) + '.' + (number & 0xff);
    }

    private static String hex(SplittableRandom random, int digits) {
        StringBuilder text = new StringBuilder(digits);
        long bits = 0;
        for (int i = 0; i < digits; i++) {
            bits = i % 16 == 0 ? random.nextLong() : bits >>> 4;
            text.append(HEX.charAt((int) (bits & 0xf)));
        }
        return text.toString();
    }
}
