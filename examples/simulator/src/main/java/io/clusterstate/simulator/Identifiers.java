package io.clusterstate.simulator;

/** Refuses ARNs of other places, with ECS's error messages as its users quote them in public. */
final class Identifiers {
    private final Arns home;

    Identifiers(Arns home) {
        this.home = home;
    }

    /**
     * Refuses an ARN of another Region or account; names and ids pass. ECS fails the whole call, whatever else it
     * contains. For the Region see aws/aws-cli#3175 and aws-samples/ecs-bg-external-controller#9, for the account
     * aws-actions/amazon-ecs-deploy-task-definition#261 and teralytics/prometheus-ecs-discovery#95.
     */
    void requireHome(String reference) {
        if (!reference.startsWith("arn:")) {
            return;
        }
        var place = Arns.placeOf(reference);
        if (!place.region().equals(home.region()) || !place.partition().equals(home.partition())) {
            throw EcsError.invalid("Invalid Region in ARN");
        }
        if (!place.account().equals(home.account())) {
            throw EcsError.invalid("Identifier is for " + place.account() + ". Your accountId is " + home.account());
        }
    }

    /**
     * Refuses a long ARN that names another cluster than the call does (aws/aws-toolkit-vscode#2915). A short ARN names
     * no cluster, so ECS looks for it in the call's cluster (aws/aws-sdk-go#1341).
     */
    void requireIn(String cluster, String reference) {
        requireHome(reference);
        var path = reference.split("/", -1);
        if (reference.startsWith("arn:") && path.length == 3 && !path[1].equals(cluster)) {
            throw EcsError.invalid(
                    "Invalid identifier: Identifier is for cluster " + path[1] + ". Your cluster is " + cluster);
        }
    }
}
