package io.clusterstate.memory;

import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;

/** The network interfaces of a fake ECS's tasks. The addresses count up from 10.0.0.1. */
final class FakeEcsNetwork {

    private FakeEcsNetwork() {}

    /** The attachment of the task with that number, in the shape of {@code DescribeTasks}. */
    static Attachment attachment(long number) {
        Map<String, String> details = new TreeMap<>(Map.of(
                "networkInterfaceId", String.format("eni-%017x", number), "privateIPv4Address", address(number)));
        return Attachment.builder()
                .id(String.format("00000000-0000-4000-8000-%012x", number))
                .type("ElasticNetworkInterface")
                .status("ATTACHED")
                .details(details.entrySet().stream()
                        .map(each -> KeyValuePair.builder()
                                .name(each.getKey())
                                .value(each.getValue())
                                .build())
                        .toList())
                .build();
    }

    private static String address(long number) {
        return "10." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
    }
}
