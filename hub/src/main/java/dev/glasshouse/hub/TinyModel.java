package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model that the program carries: a Llama of 1.1 M parameters that tells stories of a small simulated world (room
 * stories), trained by this program itself, in Q8_0. Code and weights are Apache-2.0, the stories CC0-1.0. It is copied into the
 * store on first use, or where the store cannot be written, into a temporary folder, and checked by its hash each time; its
 * recipe, card, log and report stand beside it, so that {@code glass verify} can check it.
 */
final class TinyModel {
    static final String FILE = "model-q8_0.gguf";
    static final String SHA256 = "cdb4f27ee44497cb5065d756ce17818929d1788bba42582272eb020706c9c32c";

    private static final List<String> BESIDE = List.of(
            "recipe.lock",
            "tokenizer.json",
            "tokenizer_config.json",
            "config.json",
            "README.md",
            "DATA.md",
            "LICENSE",
            "log.jsonl",
            "report.html");

    private static final Licence LICENCE = new Licence(
            "apache-2.0", "Apache License 2.0", Optional.of("https://www.apache.org/licenses/LICENSE-2.0"), false);

    private TinyModel() {}

    static InstalledModel open(Store store, Disk disk) {
        byte[] bytes = model();
        Path folder = store.folder(List.of("glasshouse", "tiny"));
        try {
            put(folder, bytes, disk);
        } catch (IOException | GlassException e) {
            try {
                folder = Files.createTempDirectory("glasshouse-tiny");
                folder.toFile().deleteOnExit(); // the last registered goes first
                for (String name : BESIDE) {
                    folder.resolve(name).toFile().deleteOnExit();
                }
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
                "carried by the program, which trained it: glass train --preset story",
                LICENCE,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                false);
    }

    private static void put(Path folder, byte[] model, Disk disk) throws IOException {
        Path path = folder.resolve(FILE);
        boolean fresh = !Files.isRegularFile(path)
                || Files.size(path) != model.length
                || !Hashes.sha256(path).equals(SHA256);
        if (fresh) {
            Disk.createFolders(folder);
            disk.replace(path, model);
        }
        for (String name : BESIDE) {
            Path beside = folder.resolve(name);
            // What was edited is found by 'glass verify', and by nothing before it; to read them all takes 25 ms of a
            // start.
            if (fresh || !Files.isRegularFile(beside) || Files.size(beside) != size(name)) {
                disk.replace(beside, resource(name));
            }
        }
    }

    private static byte[] model() {
        byte[] bytes = resource(FILE);
        if (!Hashes.sha256(bytes).equals(SHA256)) {
            throw new GlassException("The built-in model is damaged: build or install the program again.");
        }
        return bytes;
    }

    private static long size(String name) throws IOException {
        return address(name).openConnection().getContentLengthLong();
    }

    private static URL address(String name) {
        URL address = TinyModel.class.getResource("tiny/" + name);
        if (address == null) {
            throw new GlassException("The built-in model lacks " + name + ": build or install the program again.");
        }
        return address;
    }

    /** A file of the model's folder. */
    static byte[] resource(String name) {
        try (InputStream in = address(name).openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new GlassException("The built-in model cannot be read: build or install the program again.", e);
        }
    }
}
