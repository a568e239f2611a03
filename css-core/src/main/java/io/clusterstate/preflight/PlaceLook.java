package io.clusterstate.preflight;

import io.clusterstate.internal.ecs.ClientRegion;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.EcsClient;

/** A comparison of the queue's Region and account with those of ECS. */
final class PlaceLook {

    private static final PreflightCheck CHECK = PreflightCheck.PLACE;
    private static final String WHO = "aws sts get-caller-identity";

    private final EcsClient ecs;
    private final Findings findings;

    PlaceLook(EcsClient ecs, Findings findings) {
        this.ecs = ecs;
        this.findings = findings;
    }

    /**
     * Compares.
     *
     * @param home the start of ECS's ARNs; empty if it is not known
     */
    void look(Queue queue, Optional<String> home) {
        Optional<String> region = home.map(it -> it.split(":", -1)[3]).or(() -> ClientRegion.of(ecs));
        Optional<String> account = home.map(it -> it.split(":", -1)[4]);
        String expected = "one Region and account";
        if (region.isPresent() && !region.get().equals(queue.region())) {
            findings.missing(
                    CHECK,
                    "the queue is in " + queue.region() + ", ECS in " + region.get(),
                    expected,
                    "export AWS_REGION=" + queue.region() + "   # or the queue of " + region.get());
        } else if (account.isEmpty()) {
            findings.unknown(CHECK, "ECS's account is not known", expected, Optional.of(WHO));
        } else if (account.get().equals(queue.account())) {
            findings.ok(CHECK, queue.region() + ", account " + queue.account());
        } else if (findings.isOk(PreflightCheck.RULE)) {
            findings.ok(CHECK, queue.region() + ", account " + account.get() + " by a rule into " + queue.account());
        } else {
            findings.missing(
                    CHECK,
                    "the queue is of account " + queue.account() + ", ECS of " + account.get(),
                    expected,
                    WHO + "\nexport AWS_PROFILE=PROFILE   # of account " + queue.account());
        }
    }
}
