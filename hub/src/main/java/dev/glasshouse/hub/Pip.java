package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the user's own pip where a package is: so whatever index, mirror, proxy and certificates are configured there hold
 * here too, and no address of an index stands in this program. Only wheels are asked for, since looking at a source
 * package would run its code. pip downloads nothing.
 */
final class Pip {
    private static final int LARGEST_REPORT = 16 << 20;
    private static final long SECONDS = 90;

    private final HubSettings settings;

    Pip(HubSettings settings) {
        this.settings = settings;
    }

    /**
     * @param address of the wheel, https or file
     * @param sha256 of the wheel, as the index publishes it
     */
    record Found(URI address, Optional<String> sha256, String name, String version, Licence licence) {}

    /** @throws IOException with a short reason */
    Found resolve(String requirement) throws IOException {
        String last = "no pip was found";
        for (List<String> command : settings.pip()) {
            Optional<Output> output = run(command, requirement);
            if (output.isEmpty()) continue;
            Output answer = output.get();
            if (answer.exit() == 0) return read(answer.out());
            last = String.join(" ", command) + ": " + reason(answer.error());
            if (answer.error().contains("No module named pip")) continue;
            break;
        }
        throw new IOException(last);
    }

    private record Output(int exit, byte[] out, String error) {}

    private Optional<Output> run(List<String> pip, String requirement) throws IOException {
        List<String> command = new ArrayList<>(pip);
        command.addAll(List.of(
                "install",
                "--dry-run",
                "--no-deps",
                "--ignore-installed",
                "--only-binary",
                ":all:",
                "--disable-pip-version-check",
                "--no-input",
                "--retries",
                "1",
                "--quiet",
                "--report",
                "-",
                requirement));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(settings.environment());
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return Optional.empty(); // no such command here
        }
        try {
            process.getOutputStream().close();
            FutureTask<byte[]> out = drain(process.getInputStream());
            FutureTask<byte[]> error = drain(process.getErrorStream());
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS))
                throw new IOException("pip did not answer in " + SECONDS + " seconds");
            String text = new String(error.get(5, TimeUnit.SECONDS), StandardCharsets.UTF_8);
            return Optional.of(new Output(process.exitValue(), out.get(5, TimeUnit.SECONDS), text));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("pip's answer could not be read", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static FutureTask<byte[]> drain(InputStream in) {
        FutureTask<byte[]> task = new FutureTask<>(() -> {
            byte[] bytes = in.readNBytes(LARGEST_REPORT);
            return bytes;
        });
        Thread.ofPlatform().daemon().name("glasshouse-pip").start(task);
        return task;
    }

    /** The last ERROR line of pip's complaints. */
    private static String reason(String error) {
        if (error.contains("no such option")) return "this pip is too old (22.2 or newer is needed)";
        String found = "it failed without a reason";
        for (String line : error.lines().toList()) {
            String text = line.strip();
            if (text.startsWith("ERROR:")) found = text.substring(6).strip();
            if (text.startsWith("ERROR: No matching distribution")) return "the index has no wheel of that name";
        }
        return Text.clean(found, 200);
    }

    static Found read(byte[] report) throws IOException {
        try {
            List<Json> installs = Json.parse(report).asObject().get("install").asArray();
            if (installs.size() != 1)
                throw new IOException("pip names " + installs.size() + " packages instead of one");
            Json.ObjectValue install = installs.getFirst().asObject();
            Json.ObjectValue download = install.get("download_info").asObject();
            String address = download.get("url").asString();
            if (!URI.create(address).getPath().endsWith(".whl"))
                throw new IOException("the index has no wheel of that name");
            Optional<Json.ObjectValue> archive = download.object("archive_info");
            Optional<String> hash = archive.flatMap(a -> a.object("hashes"))
                    .flatMap(h -> h.string("sha256"))
                    .or(() -> archive.flatMap(a -> a.string("hash"))
                            .filter(h -> h.startsWith("sha256="))
                            .map(h -> h.substring(7)))
                    .filter(Hashes::isSha256);
            Json.ObjectValue metadata = install.get("metadata").asObject();
            return new Found(
                    URI.create(address),
                    hash,
                    metadata.get("name").asString(),
                    metadata.get("version").asString(),
                    licence(metadata));
        } catch (GlassException | IllegalArgumentException | NullPointerException e) {
            throw new IOException("pip's report cannot be read: " + Text.clean(String.valueOf(e.getMessage()), 200), e);
        }
    }

    private static Licence licence(Json.ObjectValue metadata) {
        Optional<String> named = metadata.string("license_expression").or(() -> metadata.string("license"));
        if (named.isPresent() && named.get().length() <= 100)
            return Licence.of(named.get(), Optional.empty(), Optional.empty());
        for (Json classifier : metadata.array("classifier").orElse(List.of())) {
            String text = classifier.asString();
            if (text.startsWith("License :: ")) {
                return Licence.of(text.substring(text.lastIndexOf("::") + 2), Optional.empty(), Optional.empty());
            }
        }
        return Licence.notStated();
    }
}
