package io.clusterstate.simulator;

import java.util.List;

/** An error answer of ECS. */
final class EcsError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String type;
    private final int httpStatus;
    private final List<String> resourceIds;

    private EcsError(String type, String message, int httpStatus, List<String> resourceIds) {
        super(message, null, false, false);
        this.type = type;
        this.httpStatus = httpStatus;
        this.resourceIds = List.copyOf(resourceIds);
    }

    /** An error of any type. ServerException has HTTP status 500, all others 400. */
    static EcsError of(String type, String message) {
        return new EcsError(type, message, type.equals("ServerException") ? 500 : 400, List.of());
    }

    static EcsError unavailable() {
        return new EcsError("ServiceUnavailableException", "The simulated ECS is out of service", 503, List.of());
    }

    static EcsError invalid(String message) {
        return of("InvalidParameterException", message);
    }

    static EcsError client(String message) {
        return of("ClientException", message);
    }

    /** The refusal of a client token that belongs to other tasks. */
    static EcsError conflict(String message, List<String> taskArns) {
        return new EcsError("ConflictException", message, 400, taskArns);
    }

    static EcsError noCluster() {
        return of("ClusterNotFoundException", "Cluster not found.");
    }

    /**
     * The refusal to delete a cluster that still contains something. {@code what} is in the plural, as in ECS's
     * messages.
     */
    static EcsError clusterContains(String what, String message) {
        return of("ClusterContains" + what + "Exception", "The Cluster cannot be deleted while " + message + ".");
    }

    static EcsError serviceNotActive() {
        return of("ServiceNotActiveException", "Service was not ACTIVE.");
    }

    static EcsError noService() {
        return of("ServiceNotFoundException", "Service not found.");
    }

    /** The message, which is never null here, unlike that of a Throwable. */
    String text() {
        var message = getMessage();
        return message == null ? "" : message;
    }

    String type() {
        return type;
    }

    /** The ARNs that the answer names; mostly none. */
    List<String> resourceIds() {
        return resourceIds;
    }

    int httpStatus() {
        return httpStatus;
    }
}
