package dev.glasshouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code glass serve} as a process: it says where it is, and ends as it should. */
class ServeTest {
    @TempDir
    private Path home;

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
                Main.class.getName(),
                "serve"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("GLASSHOUSE_HOME", home.toString());
        return builder.start();
    }

    private static URI address(Process process, BufferedReader err) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            said.append(line).append('\n');
            int at = line.indexOf("http://");
            if (at >= 0) {
                return URI.create(line.substring(at).strip());
            }
        }
        throw new AssertionError("ended with " + process.exitValue() + ": " + said);
    }

    private static HttpRequest answer(URI address) {
        return HttpRequest.newBuilder(address.resolve("v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"messages\":[{\"role\":\"user\",\"content\":\"Once\"}],"
                        + "\"seed\":3,\"max_tokens\":300,\"stream\":true}"))
                .build();
    }

    @Test
    void toldToEndItLetsAnswersFinishAndLeavesWithZero() throws Exception {
        Process process = start("tiny", "--port", "0", "--scalar");
        try (BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
                HttpClient client = HttpClient.newHttpClient()) {
            URI address = address(process, err);
            assertThat(address.getHost()).isEqualTo("127.0.0.1");
            HttpResponse<InputStream> stream = client.send(answer(address), HttpResponse.BodyHandlers.ofInputStream());
            stream.body().readNBytes(300);
            process.destroy(); // SIGTERM
            String rest = new String(stream.body().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).endsWith("data: [DONE]\n\n").containsPattern("\"finish_reason\":\"(length|stop)\"");
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aTakenPortIsAnError() throws Exception {
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Process process = start("--port", Integer.toString(taken.getLocalPort()));
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(err)
                    .contains("another program has it")
                    .contains("--port")
                    .doesNotContain("\tat ");
        }
    }
}
