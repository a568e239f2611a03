package io.clusterstate.preflight;

import io.clusterstate.preflight.PreflightFinding.Outcome;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The findings of a preflight.
 *
 * @param findings one for each check, in the order of {@link PreflightCheck}
 */
public record PreflightReport(List<PreflightFinding> findings) {

    /**
     * Copies the findings.
     *
     * @param findings one for each check
     */
    public PreflightReport {
        findings = List.copyOf(findings);
    }

    /**
     * Whether every check could look, and found what a mirror needs.
     *
     * @return true if each outcome is {@link Outcome#OK}
     */
    public boolean isReady() {
        return with(Outcome.OK).size() == findings.size();
    }

    /**
     * The findings of an outcome.
     *
     * @param outcome the outcome
     * @return those findings, in their order
     */
    public List<PreflightFinding> with(Outcome outcome) {
        return findings.stream().filter(each -> each.outcome() == outcome).toList();
    }

    /** One line for each finding. */
    @Override
    public String toString() {
        return findings.stream().map(PreflightFinding::toString).collect(Collectors.joining("\n"));
    }
}
