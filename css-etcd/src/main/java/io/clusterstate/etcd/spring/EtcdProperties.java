package io.clusterstate.etcd.spring;

import io.clusterstate.etcd.Etcd;
import io.clusterstate.etcd.EtcdStateStore;
import io.clusterstate.etcd.EtcdStateStoreBuilder;
import io.clusterstate.spring.PropertyValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The properties {@code css.etcd.*}. Each one that is unset leaves the default of {@link Etcd} or
 * {@link EtcdStateStoreBuilder}.
 *
 * @param endpoints Addresses of the members of etcd, each as http://HOST:PORT or https://HOST:PORT.
 * @param namespace Prefix of all keys of the state, ending with a slash; css/ by default.
 * @param user Name of the user, for an etcd with authentication on.
 * @param password Password of the user.
 * @param timeout Time limit of a call to etcd; 5 seconds by default.
 * @param tls Files of PEM for TLS.
 * @param keepEnded Time for which stopped tasks and inactive instances, services and clusters are kept; 1 hour by
 *     default.
 * @param keepTombstones Time for which a removal is remembered; 24 hours by default.
 * @param leaderLease Time after which another mirror may lead, in whole seconds; 15 seconds by default.
 * @param staleAfter Time without an answer of etcd after which a mirror takes in no more events; 10 seconds by default.
 */
@ConfigurationProperties("css.etcd")
record EtcdProperties(
        @DefaultValue List<String> endpoints,
        @Nullable String namespace,
        @Nullable String user,
        @Nullable String password,
        @Nullable Duration timeout,
        @DefaultValue Tls tls,
        @Nullable Duration keepEnded,
        @Nullable Duration keepTombstones,
        @Nullable Duration leaderLease,
        @Nullable Duration staleAfter) {

    /**
     * The properties {@code css.etcd.tls.*}.
     *
     * @param authority File of the trusted certificates. It turns TLS on.
     * @param certificate File of the client's certificates. It turns mutual TLS on, together with the key.
     * @param key File of the client's private key, in PKCS #8.
     */
    record Tls(@Nullable Path authority, @Nullable Path certificate, @Nullable Path key) {}

    /** The address of the state. */
    Etcd etcd() {
        Etcd etcd = PropertyValue.checked(
                "css.etcd.endpoints", endpoints, addresses -> Etcd.at(addresses.toArray(String[]::new)));
        etcd = PropertyValue.set(etcd, "css.etcd.namespace", namespace, Etcd::namespace);
        etcd = PropertyValue.set(etcd, "css.etcd.timeout", timeout, Etcd::timeout);
        if (tls.authority() == null) {
            refuseAlone("css.etcd.tls.certificate", tls.certificate(), "css.etcd.tls.authority");
            refuseAlone("css.etcd.tls.key", tls.key(), "css.etcd.tls.authority");
        }
        etcd = PropertyValue.set(etcd, "css.etcd.tls.authority", tls.authority(), this::encrypted);
        return named(etcd);
    }

    private Etcd named(Etcd etcd) {
        if (user == null) {
            refuseAlone("css.etcd.password", password == null ? null : "(hidden)", "css.etcd.user");
            return etcd;
        }
        return etcd.user(user, Objects.requireNonNullElse(password, ""));
    }

    /** A value without its partner would have no effect, and the connection would be open or anonymous unnoticed. */
    private static void refuseAlone(String property, @Nullable Object value, String partner) {
        if (value != null) {
            throw new InvalidConfigurationPropertyValueException(
                    property, value, partner + ": not set (expected: both, or none)");
        }
    }

    private Etcd encrypted(Etcd etcd, Path authority) {
        if (tls.certificate() == null && tls.key() == null) {
            return etcd.tls(authority);
        }
        return etcd.tls(
                authority,
                required("css.etcd.tls.certificate", tls.certificate()),
                required("css.etcd.tls.key", tls.key()));
    }

    private static Path required(String property, @Nullable Path file) {
        if (file == null) {
            throw new InvalidConfigurationPropertyValueException(
                    property, null, "certificate and key come together (expected: both, or none)");
        }
        return file;
    }

    /** The store of a mirror. */
    EtcdStateStore store(Etcd etcd) {
        EtcdStateStoreBuilder store = EtcdStateStore.builder(etcd);
        PropertyValue.set(store, "css.etcd.keep-ended", keepEnded, EtcdStateStoreBuilder::keepEnded);
        PropertyValue.set(store, "css.etcd.keep-tombstones", keepTombstones, EtcdStateStoreBuilder::keepTombstones);
        PropertyValue.set(store, "css.etcd.leader-lease", leaderLease, EtcdStateStoreBuilder::leaderLease);
        PropertyValue.set(store, "css.etcd.stale-after", staleAfter, EtcdStateStoreBuilder::staleAfter);
        return store.build();
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "css.etcd " + endpoints + " under " + namespace;
    }
}
