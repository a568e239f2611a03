package io.clusterstate.etcdserver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate of this machine and its private key, as PEM files. It serves as the certificate of a server
 * and of a client, and as the authority that both trust. The JDK's own {@code keytool} makes it; it lasts a week.
 *
 * @param certificate the file of the certificate
 * @param key the file of the private key, in PKCS #8
 */
public record Certificates(Path certificate, Path key) {

    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "css";

    /**
     * Makes a new certificate and key. Blocks: for a second or two.
     *
     * @param folder the folder of the files, which exists
     * @return the files
     * @throws IOException if the files cannot be written, or {@code keytool} fails
     * @throws InterruptedException if the thread was interrupted
     */
    public static Certificates in(Path folder) throws IOException, InterruptedException {
        Path store = folder.resolve("keys.p12");
        Path certificate = folder.resolve("certificate.pem");
        keytool(
                store,
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=localhost",
                "-validity",
                "7",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        keytool(store, "-exportcert", "-rfc", "-file", certificate.toString());
        return new Certificates(certificate, keyOf(store, folder.resolve("key.pem")));
    }

    /**
     * Copies the files to a folder, over those that may be there.
     *
     * @param folder the folder, which exists
     * @return the copies
     * @throws IOException if the files cannot be copied
     */
    public Certificates copyTo(Path folder) throws IOException {
        return new Certificates(copy(certificate, folder), copy(key, folder));
    }

    /**
     * The context of a client of this JVM that shows this certificate and trusts it alone.
     *
     * @return a context of the files as they are now
     * @throws IOException if the files cannot be read, or are no such files
     */
    public SSLContext context() throws IOException {
        try (InputStream in = Files.newInputStream(certificate)) {
            Certificate own = CertificateFactory.getInstance("X.509").generateCertificate(in);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setCertificateEntry("authority", own);
            keys.setKeyEntry(ALIAS, privateKey(), PASSWORD.toCharArray(), new Certificate[] {own});
            KeyManagerFactory shown = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            shown.init(keys, PASSWORD.toCharArray());
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(keys);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(this + " (expected: PEM files of a certificate and its RSA key)", e);
        }
    }

    private Key privateKey() throws IOException, GeneralSecurityException {
        String lines = Files.readString(key).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(lines)));
    }

    private static Path copy(Path file, Path folder) throws IOException {
        return Files.copy(file, folder.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
    }

    private static void keytool(Path store, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-alias", ALIAS, "-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Command.Result result =
                Command.run(Objects.requireNonNull(store.toAbsolutePath().getParent()), command);
        if (!result.isSuccess()) {
            throw new IOException("keytool: exit code " + result.exitCode() + " (expected: 0): " + result.output());
        }
    }

    private static Path keyOf(Path store, Path file) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            Key key = keys.getKey(ALIAS, PASSWORD.toCharArray());
            String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(key.getEncoded());
            return Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new IOException("keys: " + store + " (expected: a key store with the key " + ALIAS + ")", e);
        }
    }
}
