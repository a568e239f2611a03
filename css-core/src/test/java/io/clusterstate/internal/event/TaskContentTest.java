package io.clusterstate.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Connectivity;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.ContainerOverride;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ManagedAgent;
import software.amazon.awssdk.services.ecs.model.NetworkBinding;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskOverride;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** The most informative payloads of tasks and services, field by field. */
class TaskContentTest {

    @Test
    void aFargateTaskOf2020HasEveryFieldOfItsEvent() {
        String arn = "arn:aws:ecs:us-west-2:111122223333:task/FargateCluster/c13b4cb40f1f4fe4a2971f76ae5a47ad";
        String attachment = "1789bcae-ddfb-4d10-8ebe-8ac87ddba5b8";

        Task task = task("awsdoc-2020-fargate-running");

        assertEquals(
                Task.builder()
                        .attachments(Attachment.builder()
                                .id(attachment)
                                .type("ElasticNetworkInterface")
                                .status("ATTACHED")
                                .details(
                                        pair("subnetId", "subnet-abcd1234"),
                                        pair("networkInterfaceId", "eni-abcd1234"),
                                        pair("macAddress", "0a:98:eb:a7:29:ba"),
                                        pair("privateIPv4Address", "10.0.0.139"))
                                .build())
                        .availabilityZone("us-west-2c")
                        .clusterArn("arn:aws:ecs:us-west-2:111122223333:cluster/FargateCluster")
                        .containers(Container.builder()
                                .containerArn(
                                        "arn:aws:ecs:us-west-2:111122223333:container/cf159fd6-3e3f-4a9e-84f9-66cbe726af01")
                                .lastStatus("RUNNING")
                                .name("FargateApp")
                                .image("111122223333.dkr.ecr.us-west-2.amazonaws.com/hello-repository:latest")
                                .imageDigest("sha256:74b2c688c700ec95a93e478cdb959737c148df3fbf5ea706abe0318726e885e6")
                                .runtimeId("ad64cbc71c7fb31c55507ec24c9f77947132b03d48d9961115cf24f3b7307e1e")
                                .taskArn(arn)
                                .networkInterfaces(networkInterface(attachment, "10.0.0.139"))
                                .cpu("0")
                                .build())
                        .createdAt(Instant.parse("2020-01-23T17:57:34.402Z"))
                        .launchType(LaunchType.FARGATE)
                        .cpu("256")
                        .memory("512")
                        .desiredStatus("RUNNING")
                        .group("family:sample-fargate")
                        .lastStatus("RUNNING")
                        .overrides(overrides(override("FargateApp")))
                        .connectivity(Connectivity.CONNECTED)
                        .connectivityAt(Instant.parse("2020-01-23T17:57:38.453Z"))
                        .pullStartedAt(Instant.parse("2020-01-23T17:57:52.103Z"))
                        .startedAt(Instant.parse("2020-01-23T17:57:58.103Z"))
                        .pullStoppedAt(Instant.parse("2020-01-23T17:57:55.103Z"))
                        .taskArn(arn)
                        .taskDefinitionArn("arn:aws:ecs:us-west-2:111122223333:task-definition/sample-fargate:1")
                        .version(4L)
                        .platformVersion("1.3.0")
                        .build(),
                task);
    }

    @Test
    void managedAgentsHaveTheirStatusWhereTheApiHasIt() {
        Container container = task("arkime-ecs-stopped").containers().get(0);

        assertEquals(
                List.of(ManagedAgent.builder()
                        .name("ExecuteCommandAgent")
                        .lastStatus("STOPPED")
                        .reason("Received Container Stopped event")
                        .build()),
                container.managedAgents());
        assertEquals(137, container.exitCode());
        assertFalse(container.hasNetworkInterfaces());
    }

    @Test
    void attachmentsAreCalledAsTheApiCallsThem() {
        List<Attachment> attachments = task("fivexl-eventbridge-event").attachments();

        assertEquals("ElasticNetworkInterface", attachments.get(0).type());
        assertEquals("DELETED", attachments.get(0).status());
        assertEquals(5, attachments.get(0).details().size());
        assertEquals("sdi", attachments.get(1).type());
        assertFalse(attachments.get(1).hasDetails());
    }

    @Test
    void attachmentsOfAnyTypeAreReadAndDetailsMayBeNull() {
        Task task = task("task-attachments-managed-instances");

        assertEquals(
                List.of(
                        "AmazonElasticBlockStorage",
                        "Service Connect",
                        "ElasticNetworkInterface",
                        "managed-ebs-future"),
                task.attachments().stream().map(Attachment::type).toList());
        assertEquals("NEW_STATUS", task.attachments().get(3).status());
        assertFalse(task.attachments().get(3).hasDetails());
        assertEquals("MANAGED_INSTANCES", task.launchTypeAsString());
        assertEquals(true, task.enableExecuteCommand());
    }

    /** No capture has them; an event that has them all the same is read, and counts until the API was asked. */
    @Test
    void whatOtherEventsLeaveOutIsReadWhereItIs() {
        Task task = task("task-attachments-managed-instances");

        assertEquals("b", task.tags().get(0).value());
        assertEquals("UNKNOWN", task.healthStatusAsString());
        assertEquals(20, task.fargateEphemeralStorage().sizeInGiB());
        assertFalse(task.hasInferenceAccelerators());
    }

    @Test
    void emptyListsAreUnset() {
        Task task = task("arkime-ecs-stopped");

        assertFalse(task.hasAttachments());
        assertFalse(task.containers().get(0).hasNetworkInterfaces());
        assertFalse(task.containers().get(0).hasNetworkBindings());
    }

    @Test
    void aTaskThatHasNotComeFarHasAnAttachmentAndLittleElse() {
        Task task = task("lifecycle-fargate-v1-provisioning");

        assertEquals("PROVISIONING", task.lastStatus());
        assertEquals("RUNNING", task.desiredStatus());
        assertEquals(
                List.of(pair("subnetId", "subnet-123")),
                task.attachments().get(0).details());
        assertEquals("PRECREATED", task.attachments().get(1).status());
        assertEquals(20, task.ephemeralStorage().sizeInGiB());
        assertEquals(false, task.enableExecuteCommand());
        assertNull(task.connectivity());
        assertNull(task.startedAt());
        assertNull(task.containers().get(0).exitCode());
    }

    @Test
    void aSidecarOfGuardDutyHasNoImageAndTheWordNullForCpu() {
        Task task = task("awsdoc-2025-fargate-guardduty-cpu-null-string");

        Container sidecar = task.containers().get(1);
        assertEquals("aws-guardduty-agent-nm40lC", sidecar.name());
        assertEquals("null", sidecar.cpu());
        assertNull(sidecar.image());
        assertNull(sidecar.memory());
        assertEquals("100", task.containers().get(0).memory());
        assertEquals("FARGATE", task.capacityProviderName());
    }

    @Test
    void overridesHaveNumbersWhereTaskAndContainersHaveStrings() {
        ContainerOverride sidecar = task("awsdoc-2025-fargate-guardduty-cpu-null-string")
                .overrides()
                .containerOverrides()
                .get(1);

        assertEquals(128, sidecar.memory());
        assertNull(sidecar.cpu());
        assertEquals(
                List.of(
                        pair("CLUSTER_NAME", "example-cluster"),
                        pair("REGION", "us-east-1"),
                        pair("HOST_PROC", "/host_proc"),
                        pair("AGENT_RUNTIME_ENVIRONMENT", "ecsfargate"),
                        pair("STAGE", "prod")),
                sidecar.environment());
    }

    @Test
    void aBridgedContainerHasItsNetworkBindings() {
        Task task = task("awssamples-ec2-stopped-networkbindings");

        Container container = task.containers().get(0);
        assertEquals(
                List.of(NetworkBinding.builder()
                        .bindIP("0.0.0.0")
                        .containerPort(80)
                        .hostPort(32771)
                        .protocol("tcp")
                        .build()),
                container.networkBindings());
        assertEquals(0, container.exitCode());
        assertEquals("128", container.memoryReservation());
        assertEquals(TaskStopCode.USER_INITIATED, task.stopCode());
        assertEquals("Task stopped by user", task.stoppedReason());
        assertEquals("FeaturesASG", task.capacityProviderName());
        assertEquals(
                "arn:aws:ecs:eu-west-1:0123456789:container-instance/Features/0c304770a74540689f5bf39622b3d781",
                task.containerInstanceArn());
    }

    @Test
    void timestampsHaveFractionsOfAnyLength() {
        Task first = task("awsdoc-2016-ec2-running-short-arn");
        Task ec2 = task("awsdoc-2025-ec2-awsvpc-running");
        Task stopped = task("awssamples-ec2-stopped-networkbindings");

        assertEquals(Instant.ofEpochSecond(1_481_042_466, 800_000_000), first.startedAt());
        assertEquals(Instant.ofEpochSecond(1_747_055_504, 980_000_000), ec2.createdAt());
        assertEquals(Instant.ofEpochSecond(1_591_359_430), stopped.executionStoppedAt());
        assertEquals(Instant.ofEpochSecond(1_591_359_431, 696_000_000), stopped.stoppedAt());
    }

    @Test
    void aTaskOf2016HasNothingOfWhatCameLater() {
        Task task = task("awsdoc-2016-ec2-running-short-arn");

        assertEquals("task-group", task.group());
        assertEquals("ecs-svc/9223370556150183303", task.startedBy());
        assertNull(task.launchType());
        assertNull(task.cpu());
        assertNull(task.stopCode());
        assertNull(task.healthStatus());
        assertFalse(task.hasAttachments());
        assertFalse(task.hasTags());
    }

    @Test
    void aTaskThatFailedToStartHasNoExitCode() {
        Task task = task("dpnt-2018-fargate-failed-to-start");

        assertEquals(Connectivity.DISCONNECTED, task.connectivity());
        assertEquals("Task failed to start", task.stoppedReason());
        assertNull(task.startedAt());
        assertNull(task.pullStartedAt());
        assertNull(task.containers().get(0).exitCode());
        assertNull(task.containers().get(0).image());
    }

    @Test
    void aNoticeHasTheReasonThatEcsGives() {
        ParsedBody.Notice failed =
                ParsedBodies.noticeIn(Payloads.body("service/awsdoc-placement-failure-ec2-cpu.json"));
        ParsedBody.Notice bare = ParsedBodies.noticeIn(Payloads.body("service/wfercosta-placement-failure-info.json"));

        assertEquals("RESOURCE:CPU", failed.reason().orElseThrow());
        assertTrue(bare.reason().isEmpty());
    }

    private static Task task(String name) {
        return ParsedBodies.taskIn(Payloads.body("task/" + name + ".json"));
    }

    private static KeyValuePair pair(String name, String value) {
        return KeyValuePair.builder().name(name).value(value).build();
    }

    private static NetworkInterface networkInterface(String attachment, String address) {
        return NetworkInterface.builder()
                .attachmentId(attachment)
                .privateIpv4Address(address)
                .build();
    }

    private static TaskOverride overrides(ContainerOverride... overrides) {
        return TaskOverride.builder().containerOverrides(overrides).build();
    }

    private static ContainerOverride override(String name) {
        return ContainerOverride.builder().name(name).build();
    }
}
