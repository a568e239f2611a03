package io.clusterstate.simulator;

import java.util.ArrayList;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;

/** Makes the network interfaces of tasks. */
final class NetworkInterfaces {
    private NetworkInterfaces() {}

    static Attachment precreated(Randomness random) {
        return Attachment.builder()
                .id(random.uuid())
                .type("ElasticNetworkInterface")
                .status("PRECREATED")
                .details(detail("subnetId", "subnet-0" + random.below(4) + "d8f7c6b5a493821"))
                .build();
    }

    static Attachment attached(Attachment eni, Randomness random) {
        var address = random.privateAddress();
        var details = new ArrayList<>(eni.details());
        details.add(detail("networkInterfaceId", "eni-" + random.hex(17)));
        details.add(detail("macAddress", random.macAddress()));
        details.add(detail("privateDnsName", "ip-" + address.replace('.', '-') + ".ec2.internal"));
        details.add(detail("privateIPv4Address", address));
        return eni.toBuilder().status("ATTACHED").details(details).build();
    }

    static String address(Attachment eni) {
        return eni.details().stream()
                .filter(it -> it.name().equals("privateIPv4Address"))
                .findFirst()
                .map(it -> it.value())
                .orElse("");
    }

    private static KeyValuePair detail(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }
}
