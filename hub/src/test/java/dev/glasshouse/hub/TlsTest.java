package dev.glasshouse.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate that only the user's bundle vouches for; the JDK's keytool makes it. */
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path keysFolder = Path.of(".");

    private static Path bundle = Path.of("none");
    private static KeyStore store = emptyStore();

    @TempDir
    Path home;

    private FileServer server;

    private static KeyStore emptyStore() {
        try {
            return KeyStore.getInstance("PKCS12");
        } catch (java.security.KeyStoreException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path keys = keysFolder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=DNS:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        "changeit"))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS) && keytool.exitValue() == 0)
                .as(said)
                .isTrue();
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        bundle = keysFolder.resolve("ca.pem");
        Files.writeString(
                bundle,
                "# authorities\n-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(store.getCertificate("server").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    @BeforeEach
    void serve() throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context));
        server = new FileServer(https);
        server.put("/m.gguf", new byte[3000]);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private PullPlan plan(String host, Map<String, String> environment) {
        HubSettings settings = HubFixture.settings(home, server.address(""));
        try (Hub hub = Hub.open(HubFixture.withEnvironment(settings, environment))) {
            return hub.plan("https://" + host + ":" + server.port() + "/m.gguf", PullListener.silent());
        }
    }

    @Test
    void theUsersBundleCountsTheStrangersDoesNot() {
        assertThat(plan("localhost", Map.of("SSL_CERT_FILE", bundle.toString())).size())
                .hasValue(3000);
        assertThat(plan("localhost", Map.of("PIP_CERT", bundle.toString())).size())
                .hasValue(3000);
        assertThatThrownBy(() -> plan("localhost", Map.of())).hasMessageContaining("its certificate is not trusted");
        // the certificate is for localhost, not for the address
        assertThatThrownBy(() -> plan("127.0.0.1", Map.of("SSL_CERT_FILE", bundle.toString())))
                .hasMessageContaining("certificate");
    }

    @Test
    void bundleFilesAreLookedForInOrder() throws IOException {
        Path other = Files.writeString(home.resolve("other.pem"), "");
        assertThat(Trust.bundleFile(Map.of("PIP_CERT", other.toString(), "SSL_CERT_FILE", bundle.toString())))
                .contains(bundle);
        assertThat(Trust.bundleFile(
                        Map.of("SSL_CERT_FILE", home.resolve("none").toString(), "PIP_CERT", other.toString())))
                .contains(other);
    }

    @Test
    void httpsIsNeverLeftForHttp() throws IOException {
        try (FileServer plain = new FileServer()) {
            plain.put("/m.gguf", new byte[3000]);
            server.on("/m.gguf", FileServer.redirect(plain.address("/m.gguf").toString()));
            assertThatThrownBy(() -> plan("localhost", Map.of("SSL_CERT_FILE", bundle.toString())))
                    .hasMessageContaining("redirects from https to http, which is refused");
            assertThat(plain.asked).isEmpty();
        }
    }

    @Test
    void proxiesComeFromTheEnvironment() {
        EnvironmentProxy proxy = new EnvironmentProxy(Map.of(
                "HTTPS_PROXY",
                "http://user:secret@proxy.example:3128/",
                "no_proxy",
                "intern.example, .lan,*.corp,direct.example:8443"));
        assertThat(proxy.select(java.net.URI.create("https://huggingface.co/")).toString())
                .contains("proxy.example")
                .contains("3128");
        for (String direct : List.of(
                "https://intern.example/",
                "https://a.intern.example/",
                "https://x.lan/",
                "https://a.corp/",
                "https://direct.example:8443/",
                "https://localhost/",
                "http://127.0.0.1:99/")) {
            assertThat(proxy.select(java.net.URI.create(direct)).getFirst().type())
                    .as(direct)
                    .isEqualTo(java.net.Proxy.Type.DIRECT);
        }
        assertThat(EnvironmentProxy.address("proxy.example:8080").map(InetSocketAddress::getPort))
                .contains(8080);
        assertThat(EnvironmentProxy.address("http://[bad")).isEqualTo(Optional.empty());
    }
}
