package io.clusterstate.preflight;

import io.clusterstate.internal.loop.FailureText;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * The trial calls of one service. A failure becomes a finding. Once the service cannot be reached, the later calls are
 * not tried.
 */
final class Trial {

    /** The limit of a call with its retries. */
    static final Duration LIMIT = Duration.ofSeconds(15);

    private final Findings findings;
    /** Whether a mirror needs the rights as well; otherwise only the preflight does. */
    private final boolean isOfMirror;

    private @Nullable String unreachable;

    private Trial(Findings findings, boolean isOfMirror) {
        this.findings = findings;
        this.isOfMirror = isOfMirror;
    }

    /** Calls that a mirror makes as well, so that a denied right is missing. */
    static Trial ofMirror(Findings findings) {
        return new Trial(findings, true);
    }

    /** Calls of the preflight alone, so that a denied right hides something. */
    static Trial ofPreflight(Findings findings) {
        return new Trial(findings, false);
    }

    /** The configuration of a trial call. */
    static AwsRequestOverrideConfiguration limited() {
        return AwsRequestOverrideConfiguration.builder().apiCallTimeout(LIMIT).build();
    }

    /**
     * Calls the service for a check.
     *
     * @param right the IAM action of the call
     * @param resource the resource for a statement that grants it
     */
    <R> Optional<R> call(PreflightCheck check, String right, String resource, Supplier<R> call) {
        try {
            if (unreachable == null) {
                return Optional.of(call.get());
            }
            unknown(check, right, unreachable);
        } catch (QueueDoesNotExistException e) {
            throw e; // the search for the queue judges it
        } catch (AwsServiceException e) {
            refused(check, right, resource, e);
        } catch (SdkClientException e) {
            unreachable = FailureText.of(e);
            unknown(check, right, unreachable);
        }
        return Optional.empty();
    }

    private void refused(PreflightCheck check, String right, String resource, AwsServiceException refusal) {
        if (!isDenied(refusal)) {
            unknown(check, right, FailureText.of(refusal));
            return;
        }
        String found = right + " denied: " + FailureText.of(refusal);
        String expected = "the right to " + right;
        String mend = isOfKey(refusal)
                ? Mend.right(List.of("kms:Decrypt"), "*")
                : Mend.right(isOfMirror ? List.of(right) : check.rights(), resource);
        if (isOfMirror) {
            findings.missing(check, found, expected, mend);
        } else {
            findings.unknown(check, found, expected, Optional.of(mend));
        }
    }

    private void unknown(PreflightCheck check, String right, String why) {
        findings.unknown(
                check, right + " failed: " + why, "an answer of AWS", Optional.of("aws sts get-caller-identity"));
    }

    /** Whether the caller lacks a right. Expired credentials do not count. */
    static boolean isDenied(AwsServiceException refusal) {
        return codeOf(refusal).contains("accessdenied");
    }

    private static boolean isOfKey(AwsServiceException refusal) {
        return codeOf(refusal).contains("kms");
    }

    static String codeOf(AwsServiceException refusal) {
        boolean hasCode =
                refusal.awsErrorDetails() != null && refusal.awsErrorDetails().errorCode() != null;
        return hasCode ? refusal.awsErrorDetails().errorCode().toLowerCase(Locale.ROOT) : "";
    }
}
