package io.clusterstate.etcd;

import static io.clusterstate.testing.Entities.NOW;
import static io.clusterstate.testing.Entities.task;
import static io.clusterstate.testing.Entities.taskArn;
import static io.clusterstate.testing.Entities.taskDefinitionArn;
import static io.clusterstate.testing.Entities.upsert;

import io.clusterstate.EntityKind;
import io.clusterstate.spi.Change;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Running tasks of two containers on Fargate, with every field that ECS sends of such: for tests in which it matters
 * how much is written and read. The ids differ from task to task, the rest recurs as it does in a cluster of fifty
 * services.
 */
final class BusyTasks {

    private static final int FAMILIES = 50;
    private static final String REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/";
    private static final String HEX = "0123456789abcdef";

    private final String cluster;

    BusyTasks(String cluster) {
        this.cluster = cluster;
    }

    /** Upserts of the tasks of these numbers. */
    List<Change<?>> upserts(int first, int count) {
        return IntStream.range(first, first + count)
                .<Change<?>>mapToObj(number -> upsert(EntityKind.TASK, cluster, busy(number)))
                .toList();
    }

    private Task busy(int number) {
        String id = hex(number, 1, 32);
        String arn = taskArn(cluster, id);
        String family = "checkout-" + number % FAMILIES;
        return task(cluster, id, task -> {
            describe(task, number, family);
            schedule(task, number);
            task.attachments(attachment(number))
                    .containers(container(arn, number, 10, "log-router"), container(arn, number, 20, family))
                    .overrides(overrides -> overrides.containerOverrides(override("log-router"), override(family)));
        });
    }

    private void describe(Task.Builder task, int number, String family) {
        task.group("service:" + family)
                .startedBy("ecs-svc/" + (7_000_000_000_000_000_000L + number % FAMILIES))
                .taskDefinitionArn(taskDefinitionArn(cluster, family, 7 + number % 3))
                .attributes(Attribute.builder()
                        .name("ecs.cpu-architecture")
                        .value("x86_64")
                        .build())
                .cpu("512")
                .memory("1024")
                .ephemeralStorage(storage -> storage.sizeInGiB(20))
                .enableExecuteCommand(false)
                .tags(Tag.builder().key("team").value("payments").build())
                .version(5L);
    }

    private static void schedule(Task.Builder task, int number) {
        Instant created = NOW.plusSeconds(number * 3L);
        task.launchType("FARGATE")
                .platformFamily("Linux")
                .platformVersion("1.4.0")
                .availabilityZone("eu-west-1" + (char) ('a' + number % 3))
                .connectivity("CONNECTED")
                .healthStatus("HEALTHY")
                .createdAt(created)
                .connectivityAt(created.plusSeconds(11))
                .pullStartedAt(created.plusMillis(12_345))
                .pullStoppedAt(created.plusMillis(19_876))
                .startedAt(created.plusMillis(23_456));
    }

    private static Attachment attachment(int number) {
        return Attachment.builder()
                .id(uuid(number, 30))
                .type("ElasticNetworkInterface")
                .status("ATTACHED")
                .details(
                        pair("subnetId", "subnet-0d0eab1bb38d5ca6" + number % 3),
                        pair("networkInterfaceId", "eni-" + hex(number, 31, 17)),
                        pair("macAddress", "0a:58:" + hex(number, 32, 2) + ":9b:ce:" + hex(number, 33, 2)),
                        pair("privateDnsName", "ip-" + address(number).replace('.', '-') + ".ec2.internal"),
                        pair("privateIPv4Address", address(number)))
                .build();
    }

    private Container container(String taskArn, int number, int which, String name) {
        return Container.builder()
                .containerArn(taskArn.replace(":task/", ":container/") + '/' + uuid(number, which))
                .taskArn(taskArn)
                .name(name)
                .image(REGISTRY + name + ":v1.32.0")
                .imageDigest("sha256:" + hex(name.hashCode(), 1, 64))
                .runtimeId(hex(number, which + 1, 32) + "-0265927825")
                .lastStatus("RUNNING")
                .healthStatus("HEALTHY")
                .cpu("256")
                .memory("512")
                .networkInterfaces(NetworkInterface.builder()
                        .attachmentId(uuid(number, 30))
                        .privateIpv4Address(address(number))
                        .build())
                .build();
    }

    private static ContainerOverride override(String name) {
        return ContainerOverride.builder().name(name).build();
    }

    private static KeyValuePair pair(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    private static String address(int number) {
        return "10." + number / 65_536 + "." + number / 256 % 256 + "." + number % 256;
    }

    private static String uuid(int number, int which) {
        return String.join(
                "-",
                hex(number, which, 8),
                hex(number, which + 1, 4),
                hex(number, which + 2, 4),
                hex(number, which + 3, 4),
                hex(number, which + 4, 12));
    }

    /** An id of a task, as many hexadecimal digits long: the same each time. */
    private static String hex(int number, int which, int digits) {
        StringBuilder text = new StringBuilder(digits);
        new SplittableRandom(number * 1_000_003L + which)
                .ints(digits, 0, HEX.length())
                .forEach(digit -> text.append(HEX.charAt(digit)));
        return text.toString();
    }
}
