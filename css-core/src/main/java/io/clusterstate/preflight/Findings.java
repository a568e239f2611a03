package io.clusterstate.preflight;

import io.clusterstate.preflight.PreflightFinding.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The findings so far; the first of a check stays.
 *
 * <p>Thread: safe for any thread.
 */
final class Findings {

    private final Map<PreflightCheck, PreflightFinding> findings = new EnumMap<>(PreflightCheck.class);

    synchronized void ok(PreflightCheck check, String found) {
        findings.putIfAbsent(check, new PreflightFinding(check, Outcome.OK, found, found, Optional.empty()));
    }

    synchronized void missing(PreflightCheck check, String found, String expected, String mend) {
        findings.putIfAbsent(check, new PreflightFinding(check, Outcome.MISSING, found, expected, Optional.of(mend)));
    }

    synchronized void unknown(PreflightCheck check, String reason, String expected, Optional<String> mend) {
        findings.putIfAbsent(check, new PreflightFinding(check, Outcome.UNKNOWN, reason, expected, mend));
    }

    synchronized boolean has(PreflightCheck check) {
        return findings.containsKey(check);
    }

    synchronized boolean isOk(PreflightCheck check) {
        PreflightFinding finding = findings.get(check);
        return finding != null && finding.outcome() == Outcome.OK;
    }

    /** A finding for each of the checks; those without one are unknown for a reason. */
    synchronized List<PreflightFinding> of(List<PreflightCheck> checks, String reason) {
        List<PreflightFinding> all = new ArrayList<>();
        for (PreflightCheck check : checks) {
            unknown(check, reason, "an answer of AWS", Optional.empty());
            all.add(findings.get(check));
        }
        return all;
    }
}
