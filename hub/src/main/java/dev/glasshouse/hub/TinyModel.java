package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The model that the program carries: stories260K by Andrej Karpathy, 260,000 parameters trained on TinyStories, in Q8_0
 * (MIT licence; the text stands beside the resource). It is copied into the store on first use, or where the store cannot
 * be written, into a temporary folder, and checked by its hash each time.
 */
final class TinyModel {
    static final String FILE = "stories260K-Q8_0.gguf";
    static final String SHA256 = "f2517e01a370b962a27d8950b2da710e940724c7862fc713c3dc78081a17bc82";
    private static final Licence MIT =
            new Licence("mit", "MIT License", Optional.of("https://opensource.org/license/mit"), false);

    private TinyModel() {}

    static InstalledModel open(Store store, Disk disk) {
        byte[] bytes = resource();
        Path folder = store.folder(List.of("glasshouse", "tiny"));
        try {
            put(folder, bytes, disk);
        } catch (IOException | GlassException e) {
            try {
                folder = Files.createTempDirectory("glasshouse-tiny");
                folder.toFile().deleteOnExit(); // the last registered goes first
                folder.resolve(FILE).toFile().deleteOnExit();
                put(folder, bytes, disk);
            } catch (IOException again) {
                throw Disk.problem("put the built-in model into " + folder, again);
            }
        }
        InstalledModel.File file =
                new InstalledModel.File(FILE, bytes.length, Optional.of(SHA256), Optional.of("program"));
        return new InstalledModel(
                "tiny",
                List.of("tiny"),
                folder,
                List.of(file),
                "carried by the program; stories260K, karpathy/tinyllamas",
                MIT,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                false);
    }

    private static void put(Path folder, byte[] bytes, Disk disk) throws IOException {
        Path path = folder.resolve(FILE);
        if (Files.isRegularFile(path)
                && Files.size(path) == bytes.length
                && Hashes.sha256(path).equals(SHA256)) return;
        Disk.createFolders(folder);
        disk.replace(path, bytes);
    }

    private static byte[] resource() {
        try (InputStream in = Objects.requireNonNull(TinyModel.class.getResourceAsStream(FILE))) {
            byte[] bytes = in.readAllBytes();
            if (!Hashes.sha256(bytes).equals(SHA256)) {
                throw new GlassException("The built-in model is damaged: build or install the program again.");
            }
            return bytes;
        } catch (IOException e) {
            throw new GlassException("The built-in model cannot be read: build or install the program again.", e);
        }
    }
}
