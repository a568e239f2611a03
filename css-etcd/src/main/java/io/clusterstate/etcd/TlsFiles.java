package io.clusterstate.etcd;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The files for TLS. Each client reads them anew, so that certificates can be rotated.
 *
 * @param authority a PEM file of the trusted certificates
 * @param own null unless the client has a certificate of its own
 */
record TlsFiles(Path authority, @Nullable KeyPair own) {

    /**
     * A certificate and its key.
     *
     * @param certificate a PEM file of the client's certificates
     * @param key a PEM file of the client's private key, in PKCS #8
     */
    record KeyPair(Path certificate, Path key) {}

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if a file cannot be read, or holds something else; the message names it
     */
    SslContext read() {
        SslContextBuilder context = trusting();
        if (own != null) {
            identify(context, own);
        }
        try {
            return context.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException(
                    "tls: " + e.getMessage() + " (expected: certificates and keys that Netty accepts)", e);
        }
    }

    private SslContextBuilder trusting() {
        try {
            return GrpcSslContexts.forClient().trustManager(authority.toFile());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "authority: " + authority + " (expected: a PEM file of certificates)", e);
        }
    }

    private static void identify(SslContextBuilder context, KeyPair own) {
        try {
            context.keyManager(own.certificate().toFile(), own.key().toFile());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "certificate, key: " + own.certificate() + ", " + own.key()
                            + " (expected: PEM files of certificates and of the private key to the first, in PKCS #8)",
                    e);
        }
    }
}
