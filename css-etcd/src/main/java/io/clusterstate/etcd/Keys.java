package io.clusterstate.etcd;

import io.clusterstate.EntityKind;
import io.clusterstate.ecs.EcsArn;
import io.etcd.jetcd.ByteSequence;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The names of the keys in etcd. Under the namespace:
 *
 * <pre>
 * entity/PARTITION/ACCOUNT/REGION/CLUSTER/KIND/ARN   an entity, or its tombstone
 * definition/PARTITION/ACCOUNT/REGION/-/KIND/ARN     a task definition, or its tombstone
 * confirmed/list                                     whether the first load is in, and up to when
 *                                                    the list of clusters is whole
 * confirmed/cluster/ARN                              up to when a cluster is whole
 * owner                                              the account and Region of the clusters
 * forgotten                                          the highest revision of a tombstone that was deleted
 * fence                                              put with every confirmation, and by nothing else
 * leader                                             the leader; it ends with its lease
 * leadership/NAME                                    the leader among a host's own processes; likewise
 * head                                               put with every write; its version counts the writes, and
 *                                                    its value names the write
 * </pre>
 *
 * <p>A version of the library passes over the keys that it does not know (promise 13). A kind of entity that the first
 * version did not know therefore lies under keys of its own, as task definitions do.
 *
 * <p>Thread: immutable.
 */
final class Keys {

    /** The kinds of keys. */
    enum Kind {
        ENTITY,
        LIST,
        CLUSTER,
        OWNER,
        FORGOTTEN,
        LEADER,
        HEAD,
        UNKNOWN
    }

    private static final String ENTITY = "entity/";
    /** Before {@link #ENTITY}, with no other keys between them, so that both are one range. */
    private static final String DEFINITION = "definition/";

    private static final String CLUSTER = "confirmed/cluster/";
    /** The name stands for the constant, whose type would make the AWS SDK a dependency. */
    private static final String DEFINITION_KIND = "task-definition";

    private static final String NO_PART = "-";
    private static final char AFTER_SLASH = '/' + 1;
    /** The ARN follows the prefix, partition, account, Region, cluster and kind. */
    private static final int PARTS = 5;

    private final String namespace;

    Keys(String namespace) {
        this.namespace = namespace;
    }

    /** The prefix of all keys. */
    ByteSequence all() {
        return key("");
    }

    /** The least key that is greater than all keys of the namespace, which ends with a slash. */
    ByteSequence end() {
        return ByteSequence.from(namespace.substring(0, namespace.length() - 1) + AFTER_SLASH, StandardCharsets.UTF_8);
    }

    ByteSequence entity(EntityKind<?> kind, String clusterArn, String arn) {
        boolean isDefinition = kind.toString().equals(DEFINITION_KIND);
        Optional<EcsArn> home = EcsArn.parse(isDefinition ? arn : clusterArn);
        return key((isDefinition ? DEFINITION : ENTITY)
                + part(home.map(EcsArn::partition))
                + '/'
                + part(home.map(EcsArn::account))
                + '/'
                + part(home.map(EcsArn::region))
                + '/'
                + (isDefinition ? NO_PART : part(home.map(EcsArn::id)))
                + '/'
                + kind
                + '/'
                + arn);
    }

    /** Replaces a missing or malformed part of an ARN, so that the entity's own ARN still follows {@link #PARTS}. */
    private static String part(Optional<String> part) {
        return part.filter(text -> !text.isEmpty() && text.indexOf('/') < 0).orElse(NO_PART);
    }

    ByteSequence list() {
        return key("confirmed/list");
    }

    ByteSequence cluster(String arn) {
        return key(CLUSTER + arn);
    }

    /** The least of the keys of all entities. */
    ByteSequence entities() {
        return key(DEFINITION);
    }

    /** The least key that is greater than the keys of all entities. */
    ByteSequence endOfEntities() {
        return key(ENTITY.substring(0, ENTITY.length() - 1) + AFTER_SLASH);
    }

    ByteSequence owner() {
        return key("owner");
    }

    ByteSequence forgotten() {
        return key("forgotten");
    }

    /** The key that only confirmations put; no replica holds it. */
    ByteSequence fence() {
        return key("fence");
    }

    ByteSequence leader() {
        return key("leader");
    }

    /** The key of a leader among a host's processes; it is no part of the state, and no replica holds it. */
    ByteSequence leadership(String name) {
        return key("leadership/" + name);
    }

    ByteSequence head() {
        return key("head");
    }

    Kind kindOf(ByteSequence key) {
        String path = path(key);
        if (path.startsWith(ENTITY) || path.startsWith(DEFINITION)) {
            return Kind.ENTITY;
        }
        if (path.startsWith(CLUSTER)) {
            return Kind.CLUSTER;
        }
        return switch (path) {
            case "confirmed/list" -> Kind.LIST;
            case "owner" -> Kind.OWNER;
            case "forgotten" -> Kind.FORGOTTEN;
            case "leader" -> Kind.LEADER;
            case "head" -> Kind.HEAD;
            default -> Kind.UNKNOWN;
        };
    }

    /** The ARN at the end of the key of an entity, or of a cluster's confirmation. */
    String arnOf(ByteSequence key) {
        String path = path(key);
        if (path.startsWith(CLUSTER)) {
            return path.substring(CLUSTER.length());
        }
        int begin = 0;
        for (int i = 0; i <= PARTS && path.indexOf('/', begin) >= 0; i++) {
            begin = path.indexOf('/', begin) + 1;
        }
        return path.substring(begin);
    }

    private String path(ByteSequence key) {
        String whole = key.toString(StandardCharsets.UTF_8);
        return whole.startsWith(namespace) ? whole.substring(namespace.length()) : "";
    }

    private ByteSequence key(String path) {
        return ByteSequence.from(namespace + path, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return namespace;
    }
}
