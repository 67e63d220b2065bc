package dev.glasshouse.hub;

import dev.glasshouse.weights.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model on this machine.
 *
 * @param name the name it is listed under, e.g. {@code smollm2:135m}
 * @param names every name under which it was pulled, {@code name} first
 * @param folder where its files lie
 * @param files in reading order; for a split GGUF all parts, the first part first
 * @param source where it came from, for people
 * @param licence its terms
 * @param licenceAccepted the day (ISO 8601, UTC) on which terms with conditions were accepted
 * @param pulled the day it was fetched; empty for files that are not the store's
 * @param sampling settings that the publisher documents, by the names of the sampler's parameters
 * @param managed whether it lies in the store, so that {@link Hub#remove} may delete it
 */
public record InstalledModel(
        String name,
        List<String> names,
        Path folder,
        List<File> files,
        String source,
        Licence licence,
        Optional<String> licenceAccepted,
        Optional<String> pulled,
        Map<String, Double> sampling,
        boolean managed) {
    public InstalledModel {
        names = List.copyOf(names);
        files = List.copyOf(files);
        sampling = Collections.unmodifiableMap(new LinkedHashMap<>(sampling));
    }

    /**
     * @param name its own file name, as the publisher gave it
     * @param size bytes
     * @param sha256 64 hex digits; empty for files that are not the store's
     * @param checkedAgainst who published that hash ("package index", "hub", "catalogue", "address"); empty when nobody did
     */
    public record File(String name, long size, Optional<String> sha256, Optional<String> checkedAgainst) {}

    InstalledModel named(List<String> others) {
        return new InstalledModel(
                others.getFirst(), others, folder, files, source, licence, licenceAccepted, pulled, sampling, managed);
    }

    /** What to open: the first GGUF file, or the folder of a model in several kinds of files. */
    public Path path() {
        return files.isEmpty() || !GgufFiles.isGguf(files.getFirst().name())
                ? folder
                : folder.resolve(files.getFirst().name());
    }

    /** Bytes of all files. */
    public long size() {
        return files.stream().mapToLong(File::size).sum();
    }

    Json toJson() {
        Json.ObjectBuilder json = Json.object().put("format", 1).put("name", name);
        json.put("names", names.stream().map(Json::of).toList());
        json.put("source", source);
        Json.ObjectBuilder terms = Json.object().put("id", licence.id()).put("name", licence.name());
        licence.link().ifPresent(link -> terms.put("link", link));
        json.put("licence", terms.put("conditions", licence.conditions()).build());
        licenceAccepted.ifPresent(day -> json.put("licence_accepted", day));
        pulled.ifPresent(day -> json.put("pulled", day));
        List<Json> list = new ArrayList<>();
        for (File file : files) {
            Json.ObjectBuilder entry = Json.object().put("name", file.name()).put("size", file.size());
            file.sha256().ifPresent(hash -> entry.put("sha256", hash));
            file.checkedAgainst().ifPresent(by -> entry.put("checked_against", by));
            list.add(entry.build());
        }
        json.put("files", list);
        Json.ObjectBuilder settings = Json.object();
        sampling.forEach(settings::put);
        return json.put("sampling", settings.build()).build();
    }

    static InstalledModel fromJson(Json json, Path folder) {
        Json.ObjectValue o = json.asObject();
        Json.ObjectValue terms = o.get("licence").asObject();
        Licence licence = new Licence(
                terms.get("id").asString(),
                terms.get("name").asString(),
                terms.string("link"),
                terms.bool("conditions").orElse(true));
        List<File> files = new ArrayList<>();
        for (Json each : o.get("files").asArray()) {
            Json.ObjectValue file = each.asObject();
            String name = SafeName.segment(file.get("name").asString(), "The file");
            files.add(new File(name, file.get("size").asLong(), file.string("sha256"), file.string("checked_against")));
        }
        Map<String, Double> sampling = new LinkedHashMap<>();
        o.object("sampling").ifPresent(s -> s.members().forEach((key, value) -> sampling.put(key, value.asDouble())));
        return new InstalledModel(
                o.get("name").asString(),
                o.get("names").asArray().stream().map(Json::asString).toList(),
                folder,
                files,
                o.get("source").asString(),
                licence,
                o.string("licence_accepted"),
                o.string("pulled"),
                sampling,
                true);
    }
}
