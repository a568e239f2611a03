package io.clusterstate.preflight;

import java.util.Optional;

/**
 * The outcome of a check.
 *
 * @param check the check
 * @param outcome the outcome
 * @param found the state that was found; for {@link Outcome#UNKNOWN} the reason why there was nothing to see
 * @param expected the state that a mirror needs
 * @param mend commands of the AWS CLI, a line of code, or a statement of a policy, on several lines; empty if all is
 *     well
 */
public record PreflightFinding(
        PreflightCheck check, Outcome outcome, String found, String expected, Optional<String> mend) {

    /** The outcomes of a check. */
    public enum Outcome {
        /** All is as a mirror needs it. */
        OK,
        /** A mirror would fail, lose events, or trust strangers. */
        MISSING,
        /** The check could not look: a right is missing, AWS did not answer, or an earlier look found nothing. */
        UNKNOWN
    }

    /** One line: {@code check: outcome: found (expected: …)}, without the remedy. */
    @Override
    public String toString() {
        return check + ": " + outcome + ": " + found + (outcome == Outcome.OK ? "" : " (expected: " + expected + ")");
    }
}
