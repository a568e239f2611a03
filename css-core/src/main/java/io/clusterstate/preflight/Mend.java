package io.clusterstate.preflight;

import java.util.List;
import java.util.stream.Collectors;

/** The texts that mend: commands of the AWS CLI, and statements of policies. */
final class Mend {

    private Mend() {}

    /** A statement for the policy of the role that runs the process. */
    static String right(List<String> actions, String resource) {
        return """
                Add to the IAM policy of this process:
                {
                  "Effect": "Allow",
                  "Action": %s,
                  "Resource": "%s"
                }"""
                .formatted(array(actions), resource);
    }

    /** A statement for the queue's policy that lets in a rule alone. */
    static String letIn(String ruleArn, String queueArn) {
        return """
                Have in the queue's policy (attribute Policy) only this statement:
                {
                  "Effect": "Allow",
                  "Principal": { "Service": "events.amazonaws.com" },
                  "Action": "sqs:SendMessage",
                  "Resource": "%s",
                  "Condition": { "ArnEquals": { "aws:SourceArn": "%s" } }
                }"""
                .formatted(queueArn, ruleArn);
    }

    /** A statement for the policy of a KMS key. Source: the SQS developer guide, "Key management". */
    static String key(String account) {
        return """
                Have in the policy of the key:
                {
                  "Effect": "Allow",
                  "Principal": { "Service": "events.amazonaws.com" },
                  "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
                  "Resource": "*",
                  "Condition": { "StringEquals": { "aws:SourceAccount": "%s" } }
                }"""
                .formatted(account);
    }

    /** A command with its options, an option a line. */
    static String aws(String command, String... options) {
        return "aws " + command + " \\\n  " + String.join(" \\\n  ", options);
    }

    private static String array(List<String> values) {
        return values.stream().map(each -> '"' + each + '"').collect(Collectors.joining(", ", "[", "]"));
    }
}
