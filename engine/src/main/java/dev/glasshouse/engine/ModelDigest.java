package dev.glasshouse.engine;

import dev.glasshouse.weights.FileDigest;
import java.nio.file.Path;
import java.util.Optional;

/** The SHA-256 of a file, computed once and only if needed. */
final class ModelDigest {
    private final Path file;
    private Optional<String> sha256 = Optional.empty();

    ModelDigest(Path file) {
        this.file = file;
    }

    String fileName() {
        return file.getFileName().toString();
    }

    synchronized String sha256() {
        if (sha256.isEmpty()) {
            sha256 = Optional.of(FileDigest.sha256(file, bytes -> {}));
        }
        return sha256.get();
    }
}
