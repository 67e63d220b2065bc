package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFacts;
import dev.glasshouse.weights.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Models that lie wherever the user put them: a GGUF file, or a folder with one model in it. */
final class LocalModels {
    private LocalModels() {}

    static InstalledModel open(Path path) {
        try {
            return Files.isDirectory(path) ? folder(path) : file(path);
        } catch (IOException e) {
            throw new GlassException(
                    "Cannot read " + path + ": " + Text.clean(String.valueOf(e.getMessage()), 300) + ".", e);
        }
    }

    private static InstalledModel file(Path path) throws IOException {
        if (!Files.isRegularFile(path)) throw new GlassException("No such file: " + path.toAbsolutePath() + ".");
        Path absolute = path.toAbsolutePath();
        return model(
                path, Disk.folderOf(absolute), List.of(absolute.getFileName().toString()));
    }

    private static InstalledModel folder(Path path) throws IOException {
        List<String> names;
        try (Stream<Path> inside = Files.list(path)) {
            names = inside.filter(Files::isRegularFile)
                    .map(p -> p.getFileName().toString())
                    .sorted()
                    .toList();
        }
        if (names.contains("config.json") && names.stream().anyMatch(n -> n.endsWith(".safetensors"))) {
            List<String> kept = names.stream()
                    .filter(n -> n.endsWith(".safetensors") || n.endsWith(".json") || n.endsWith(".model"))
                    .toList();
            return model(path, path.toAbsolutePath(), kept);
        }
        List<List<String>> models = GgufFiles.models(names);
        if (models.isEmpty()) {
            throw new GlassException("The folder " + path.toAbsolutePath()
                    + " holds no model: neither a .gguf file nor config.json" + " with .safetensors files.");
        }
        if (models.size() > 1) {
            List<String> first = models.stream().limit(12).map(List::getFirst).toList();
            throw new GlassException("The folder " + path.toAbsolutePath() + " holds several models; name one: "
                    + String.join(", ", first) + ".");
        }
        return model(path, path.toAbsolutePath(), models.getFirst());
    }

    private static InstalledModel model(Path named, Path folder, List<String> names) throws IOException {
        List<InstalledModel.File> files = new ArrayList<>();
        for (String name : names) {
            files.add(new InstalledModel.File(
                    name, Files.size(folder.resolve(name)), Optional.empty(), Optional.empty()));
        }
        boolean ofGguf = Files.isDirectory(named) && !names.contains("config.json");
        Path model = ofGguf ? folder.resolve(names.getFirst()) : named.toAbsolutePath();
        // Its own name, not where it lies: names are shown to others too.
        String name = String.valueOf(Optional.ofNullable(model.getFileName()).orElse(named));
        return new InstalledModel(
                name,
                List.of(name, named.toString()),
                folder,
                files,
                "a file on this machine",
                licence(model),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                false);
    }

    /** What the files themselves say; a broken model says nothing here, and what is wrong when it is opened. */
    private static Licence licence(Path path) {
        try (ModelFile file = ModelFile.open(path)) {
            ModelFacts.Licence stated = ModelFacts.of(file).licence();
            return stated.isKnown()
                    ? Licence.of(stated.id().orElse("other"), stated.name(), stated.link())
                    : Licence.notStated();
        } catch (GlassException e) {
            return Licence.notStated();
        }
    }
}
