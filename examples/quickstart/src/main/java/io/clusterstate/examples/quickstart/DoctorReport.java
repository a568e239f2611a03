package io.clusterstate.examples.quickstart;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.clusterstate.preflight.PreflightCheck;
import io.clusterstate.preflight.PreflightFinding;
import io.clusterstate.preflight.PreflightFinding.Outcome;
import io.clusterstate.preflight.PreflightReport;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** The doctor's report, as lines of at most a hundred columns where words can be wrapped, or as JSON. */
final class DoctorReport {

    private static final int WIDTH = 100;
    private static final String HEAD = "%-8s %-28s ";
    private static final String UNDER_HEAD = " ".repeat(38);
    private static final String INDENT = " ".repeat(9);

    private DoctorReport() {}

    static String text(PreflightReport report) {
        StringBuilder text = new StringBuilder();
        for (PreflightFinding finding : report.findings()) {
            boolean isOk = finding.outcome() == Outcome.OK;
            String found = isOk ? finding.found() : finding.found() + " (expected: " + finding.expected() + ")";
            text.append(wrapped(HEAD.formatted(word(finding.outcome()), name(finding.check())), found));
            finding.mend().ifPresent(mend -> text.append(mend.indent(INDENT.length())));
        }
        return text.append("%d checks: %d ok, %d missing, %d unknown%n"
                        .formatted(
                                report.findings().size(),
                                report.with(Outcome.OK).size(),
                                report.with(Outcome.MISSING).size(),
                                report.with(Outcome.UNKNOWN).size()))
                .toString();
    }

    private static String wrapped(String head, String words) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder(head);
        boolean isFirst = true;
        for (String word : words.split("\\s+", -1)) {
            if (!isFirst && line.length() + 1 + word.length() > WIDTH) {
                lines.append(line).append('\n');
                line = new StringBuilder(UNDER_HEAD);
                isFirst = true;
            }
            line.append(isFirst ? "" : " ").append(word);
            isFirst = false;
        }
        return lines.append(line).append('\n').toString();
    }

    static String json(PreflightReport report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeBooleanField("ready", report.isReady());
            json.writeArrayFieldStart("checks");
            for (PreflightFinding finding : report.findings()) {
                write(finding, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text + "\n";
    }

    private static void write(PreflightFinding finding, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("check", name(finding.check()));
        json.writeStringField("outcome", word(finding.outcome()));
        json.writeStringField("found", finding.found());
        json.writeStringField("expected", finding.expected());
        if (finding.mend().isPresent()) {
            json.writeStringField("mend", finding.mend().get());
        }
        json.writeArrayFieldStart("rights");
        for (String right : finding.check().rights()) {
            json.writeString(right);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String name(PreflightCheck check) {
        return check.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String word(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
