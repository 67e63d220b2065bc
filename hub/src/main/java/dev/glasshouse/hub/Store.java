package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of models, shared by any number of processes:
 *
 * <pre>
 * models/OWNER/REPOSITORY/FILE.gguf              the model under its own name, usable by other programs
 * models/OWNER/REPOSITORY/FILE.gguf.glass.json   its manifest, written last: a model without one is not installed
 * models/OWNER/REPOSITORY/FILE.gguf.part         a download under way, beside it FILE.gguf.part.json
 * models/OWNER/REPOSITORY/FILE.gguf.mismatch     all bytes there but the hash wrong: kept for repair
 * locks/                                         one empty file for each file being fetched
 * licences.json                                  which terms were accepted, and when
 * </pre>
 *
 * OWNER is a hub's owner, {@code pypi}, or the host of an address.
 */
final class Store {
    static final String MANIFEST = ".glass.json";
    private static final long LARGEST_MANIFEST = 4L << 20;

    private final Path home;
    private final Disk disk;

    Store(Path home, Disk disk) {
        this.home = home;
        this.disk = disk;
    }

    Path home() {
        return home;
    }

    /** The folder for these segments; every one of them is checked, so that it lies below the store. */
    Path folder(List<String> segments) {
        Path folder = home.resolve("models");
        for (String segment : segments) folder = folder.resolve(SafeName.segment(segment, "The folder"));
        return folder;
    }

    static String today() {
        return LocalDate.now(ZoneOffset.UTC).toString();
    }

    /** All models with a readable manifest and all their files, by name. */
    List<InstalledModel> list() {
        Path models = home.resolve("models");
        if (!Files.isDirectory(models)) return List.of();
        List<InstalledModel> found = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(models, 3)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (path.getFileName().toString().endsWith(MANIFEST)) read(path).ifPresent(found::add);
            }
        } catch (IOException e) {
            throw Disk.problem("read the store " + models, e);
        } catch (UncheckedIOException e) { // a walk's way to fail once it is under way
            throw Disk.problem("read the store " + models, Objects.requireNonNullElse(e.getCause(), e));
        }
        found.sort(Comparator.comparing(InstalledModel::name));
        return found;
    }

    private static Optional<InstalledModel> read(Path manifest) {
        try {
            if (Files.size(manifest) > LARGEST_MANIFEST) return Optional.empty();
            InstalledModel model = InstalledModel.fromJson(Json.read(manifest), Disk.folderOf(manifest));
            for (InstalledModel.File file : model.files()) {
                Path path = model.folder().resolve(file.name());
                if (!Files.isRegularFile(path) || Files.size(path) != file.size()) return Optional.empty();
            }
            return model.files().isEmpty() || model.names().isEmpty() ? Optional.empty() : Optional.of(model);
        } catch (IOException | GlassException e) {
            return Optional.empty();
        }
    }

    /** The model that was pulled under this name; of several quantisations of a repository, the one named like it. */
    Optional<InstalledModel> find(String canonical) {
        List<InstalledModel> all = list();
        return all.stream()
                .filter(m -> m.names().contains(canonical))
                .findFirst()
                .or(() -> all.stream()
                        .filter(m -> m.names().stream().anyMatch(canonical::equalsIgnoreCase))
                        .findFirst());
    }

    /** Writes the manifest, after which the model counts as installed. */
    void install(InstalledModel model) {
        Path manifest = manifest(model);
        try {
            disk.replace(manifest, bytes(model.toJson()));
        } catch (IOException e) {
            throw Disk.problem("write " + manifest, e);
        }
    }

    /** A name means one model: others that were pulled under a name of this one lose it. */
    void claim(InstalledModel model) {
        for (InstalledModel other : list()) {
            boolean same = manifest(other).equals(manifest(model));
            List<String> names = new ArrayList<>(other.names());
            if (same || !names.removeAll(model.names())) continue;
            if (names.isEmpty()) names.add(other.source());
            install(other.named(names));
        }
    }

    /** The model whose first file lies there, whatever it was pulled as. */
    Optional<InstalledModel> at(Path folder, String firstFile) {
        Path manifest = folder.resolve(firstFile + MANIFEST);
        return Files.isRegularFile(manifest) ? read(manifest) : Optional.empty();
    }

    private static Path manifest(InstalledModel model) {
        return model.folder().resolve(model.files().getFirst().name() + MANIFEST);
    }

    /** Manifest first: a removal cut short leaves files without a manifest, never a manifest without files. */
    void remove(InstalledModel model) {
        try {
            Files.deleteIfExists(manifest(model));
            for (InstalledModel.File file : model.files()) {
                for (String ending : List.of("", ".part", ".part.json", ".mismatch", ".mismatch.json", ".stale")) {
                    Files.deleteIfExists(model.folder().resolve(file.name() + ending));
                }
            }
            deleteIfEmpty(model.folder());
            deleteIfEmpty(Disk.folderOf(model.folder()));
        } catch (IOException e) {
            throw Disk.problem("delete the model in " + model.folder(), e);
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        boolean empty;
        try (Stream<Path> inside = Files.list(folder)) {
            empty = inside.findAny().isEmpty();
        }
        if (empty) Files.delete(folder);
    }

    /** The day on which these terms were accepted. Terms of no known name are accepted for one model only. */
    Optional<String> accepted(Licence licence, String model) {
        return Optional.ofNullable(acceptances().get(key(licence, model)));
    }

    void accept(Licence licence, String model) {
        Map<String, String> all = acceptances();
        all.putIfAbsent(key(licence, model), today());
        Json.ObjectBuilder days = Json.object();
        all.forEach(days::put);
        Path file = home.resolve("licences.json");
        Disk.createFolders(home);
        try {
            disk.replace(file, bytes(Json.object().put("accepted", days.build()).build()));
        } catch (IOException e) {
            throw Disk.problem("write " + file, e);
        }
    }

    private Map<String, String> acceptances() {
        Map<String, String> days = new LinkedHashMap<>();
        Path file = home.resolve("licences.json");
        if (!Files.isRegularFile(file)) return days;
        try {
            Json.read(file).asObject().object("accepted").ifPresent(o -> o.members()
                    .forEach((key, day) -> days.put(key, day.asString())));
        } catch (GlassException e) {
            days.clear();
        }
        return days;
    }

    private static String key(Licence licence, String model) {
        boolean named = !licence.id().equals("unknown") && !licence.id().equals("other");
        return named ? licence.id() : licence.id() + " " + model;
    }

    private static byte[] bytes(Json json) {
        return (json.pretty() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
