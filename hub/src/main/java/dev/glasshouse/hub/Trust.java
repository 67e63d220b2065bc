package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which server certificates count. The JDK's own trust store decides first; a certificate that it rejects may still be
 * vouched for by the bundle of authorities that the user's other tools are pointed at (SSL_CERT_FILE,
 * REQUESTS_CA_BUNDLE, PIP_CERT, CURL_CA_BUNDLE), else by the system's bundle: the usual state of affairs behind a
 * company's proxy. The host name is checked in both cases.
 */
final class Trust extends X509ExtendedTrustManager {
    private static final List<String> NAMED =
            List.of("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE");
    private static final List<Path> SYSTEM = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/cert.pem"));
    private static final long LARGEST_BUNDLE = 16L << 20;

    private final X509ExtendedTrustManager own;
    private final Supplier<Optional<X509ExtendedTrustManager>> bundle;

    private Trust(X509ExtendedTrustManager own, Supplier<Optional<X509ExtendedTrustManager>> bundle) {
        this.own = own;
        this.bundle = bundle;
    }

    static SSLContext context(Map<String, String> environment) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager trust = new Trust(managers(null), new Once(environment));
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new GlassException("This Java runtime cannot make TLS connections: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager managers(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager x509) return x509;
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    /** Reads the bundle when a certificate is first rejected, which is never for most users. */
    private static final class Once implements Supplier<Optional<X509ExtendedTrustManager>> {
        private final Map<String, String> environment;
        private boolean read;
        private Optional<X509ExtendedTrustManager> found = Optional.empty();

        Once(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public synchronized Optional<X509ExtendedTrustManager> get() {
            if (!read) found = bundleFile(environment).flatMap(Trust::load);
            read = true;
            return found;
        }
    }

    static Optional<Path> bundleFile(Map<String, String> environment) {
        Stream<Path> named = NAMED.stream()
                .flatMap(name -> HubSettings.set(environment, name).stream())
                .flatMap(text -> {
                    try {
                        return Stream.of(Path.of(text));
                    } catch (InvalidPathException e) {
                        return Stream.empty();
                    }
                });
        return Stream.concat(named, SYSTEM.stream())
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static Optional<X509ExtendedTrustManager> load(Path file) {
        try {
            if (Files.size(file) > LARGEST_BUNDLE) return Optional.empty();
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            try (InputStream in = Files.newInputStream(file)) {
                int number = 0;
                for (Certificate certificate :
                        CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    store.setCertificateEntry("ca" + number++, certificate);
                }
            }
            return Optional.of(managers(store));
        } catch (IOException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private interface Check {
        void by(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private void either(Check check) throws CertificateException {
        try {
            check.by(own);
        } catch (CertificateException e) {
            Optional<X509ExtendedTrustManager> other = bundle.get();
            if (other.isEmpty()) throw e;
            check.by(other.get());
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        either(m -> m.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        either(m -> m.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        either(m -> m.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        own.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        own.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        own.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return own.getAcceptedIssuers();
    }
}
