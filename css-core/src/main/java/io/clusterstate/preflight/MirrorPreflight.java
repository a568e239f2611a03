package io.clusterstate.preflight;

import io.clusterstate.internal.sqs.QueueAddress;
import io.clusterstate.mirror.Clusters;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A look at all that a mirror needs of AWS, before there is a mirror. It looks at the queue, its policy and times, the
 * rule that sends to it, the right to each call, the clock, and the client's socket timeout.
 *
 * <pre>{@code
 * PreflightReport report = MirrorPreflight.of(ecs, sqs, "css_queue")
 *         .rules(EventRules.of(eventBridge))
 *         .run();
 * }</pre>
 *
 * <p>It changes almost nothing. It receives one message at most, which is visible again at once and has a receipt more,
 * or two if the client gives up a poll. It receives none if a redrive policy leaves a message fewer than 5 receipts. It
 * writes the tag {@code io.clusterstate.preflight} on the queue, and removes it. All other calls read, or are refused
 * for a made-up receipt handle.
 *
 * <p>It sees what AWS reports to the host's credentials. It does not read the policies of KMS keys, IAM or SNS topics,
 * and a rule's pattern or a policy's condition that it does not understand is reported as unknown.
 *
 * <p>Thread: one thread sets it up and runs it.
 */
public final class MirrorPreflight {

    private static final Duration DEFAULT_LIMIT = Duration.ofSeconds(60);

    private final EcsClient ecs;
    private final SqsClient sqs;
    private final QueueAddress queue;
    private Clusters clusters = Clusters.all();
    private Duration wait = Duration.ofSeconds(7);
    private Duration limit = DEFAULT_LIMIT;
    private InstantSource clock = InstantSource.system();
    private Optional<EventRules> rules = Optional.empty();
    private boolean withDefinitions;

    private MirrorPreflight(EcsClient ecs, SqsClient sqs, QueueAddress queue) {
        this.ecs = ecs;
        this.sqs = sqs;
        this.queue = queue;
    }

    /**
     * Creates a preflight with the clients of a mirror. It makes no call yet.
     *
     * @param ecs the ECS client; the host closes it
     * @param sqs the SQS client, with the HTTP client that will poll; the host closes it
     * @param queue the queue's name, URL or ARN
     * @return the preflight
     * @throws IllegalArgumentException if {@code queue} is none of these
     */
    public static MirrorPreflight of(EcsClient ecs, SqsClient sqs, String queue) {
        return new MirrorPreflight(ecs, sqs, QueueAddress.parse(queue));
    }

    /**
     * Sets the clusters that the mirror will select. The default is all.
     *
     * @param selection the selection
     * @return this
     */
    public MirrorPreflight clusters(Clusters selection) {
        this.clusters = selection;
        return this;
    }

    /**
     * Looks at the rules of EventBridge as well. Without this, they are unknown.
     *
     * @param eventRules the rules of ECS's account and Region
     * @return this
     */
    public MirrorPreflight rules(EventRules eventRules) {
        this.rules = Optional.of(eventRules);
        return this;
    }

    /**
     * Tries the right to DescribeTaskDefinition as well, for a mirror that fetches task definitions.
     *
     * @return this
     */
    public MirrorPreflight taskDefinitions() {
        this.withDefinitions = true;
        return this;
    }

    /**
     * Sets the wait of the mirror's polls. The default is that of the event source, 7 s.
     *
     * @param longest from 1 to 20 whole seconds
     * @return this
     * @throws IllegalArgumentException if it is not
     */
    public MirrorPreflight pollWait(Duration longest) {
        if (longest.toSeconds() < 1
                || longest.toSeconds() > 20
                || !longest.equals(Duration.ofSeconds(longest.toSeconds()))) {
            throw new IllegalArgumentException("longest: " + longest + " (expected: 1 to 20 whole seconds)");
        }
        this.wait = longest;
        return this;
    }

    /**
     * Sets the limit of a run. The default is 60 s. Checks without an answer by then are unknown.
     *
     * @param time a positive time
     * @return this
     * @throws IllegalArgumentException if it is not positive
     */
    public MirrorPreflight limit(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time: " + time + " (expected: a positive time)");
        }
        this.limit = time;
        return this;
    }

    /**
     * Sets the clock that is compared with ECS's. The default is the system's.
     *
     * @param source the clock
     * @return this
     */
    public MirrorPreflight clock(InstantSource source) {
        this.clock = source;
        return this;
    }

    /**
     * Runs all checks. A failure of AWS becomes a finding. Blocks: until all checks have looked, usually for little
     * more than the poll's wait, and never for longer than the limit.
     *
     * @return a finding for each check
     * @throws InterruptedException if the thread was interrupted
     */
    public PreflightReport run() throws InterruptedException {
        Findings findings = new Findings();
        Looks looks = new Looks(findings, this::look);
        looks.runWithin(limit);
        List<PreflightCheck> checks = Arrays.stream(PreflightCheck.values())
                .filter(each -> withDefinitions || each != PreflightCheck.DESCRIBE_TASK_DEFINITION)
                .toList();
        return new PreflightReport(
                findings.of(checks, looks.failure().orElse("no answer within " + limit.toSeconds() + " s")));
    }

    private void look(Looks looks) throws InterruptedException {
        Findings findings = looks.findings();
        Trial trial = Trial.ofMirror(findings);
        Optional<Queue> found = new QueueSearch(sqs, queue, findings, trial).find();
        found.ifPresent(it -> looks.meanwhile(() -> new PollLook(sqs, it, wait, findings).look()));
        ClockLook clockLook = new ClockLook(clock, findings);
        EcsLooks ecsLooks = new EcsLooks(ecs, clusters, findings, clockLook);
        ecsLooks.look(withDefinitions);
        clockLook.look();
        if (found.isPresent()) {
            Queue it = found.get();
            new AttributeLooks(sqs, it, findings).look();
            new PathLooks(it, findings).look(rules, ecsLooks);
            new PlaceLook(ecs, findings).look(it, ecsLooks.home());
            new MessageLooks(sqs, it, findings, trial).look();
        } else {
            PathLooks.withoutQueue(findings);
        }
    }
}
