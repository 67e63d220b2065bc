package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The well-known small open models that have a short name. It says where they are, under which licence, and which
 * sampler settings the publisher documents. Sizes and hashes stand in it only where they were checked; for all others the
 * source tells them at pull time.
 */
public final class Catalogue {
    private static final List<String> SAMPLER_KEYS =
            List.of("temperature", "top_k", "top_p", "min_p", "repeat_penalty");

    private final Map<String, List<Entry>> families;
    private final Map<String, String> defaults;

    private Catalogue(Map<String, List<Entry>> families, Map<String, String> defaults) {
        this.families = families;
        this.defaults = defaults;
    }

    /**
     * One model.
     *
     * @param family e.g. {@code smollm2}
     * @param tag e.g. {@code 135m}
     * @param publisher who made the model
     * @param summary what it is good for, a few words
     * @param sources where to get it, in the order to be tried
     * @param sampling settings that the publisher documents, by the names of the sampler's parameters
     * @param samplingSource where the publisher documents them; empty when there are none
     */
    public record Entry(
            String family,
            String tag,
            String publisher,
            String summary,
            Licence licence,
            List<SourceReference> sources,
            Map<String, Double> sampling,
            String samplingSource) {
        public Entry {
            sources = List.copyOf(sources);
            sampling = Collections.unmodifiableMap(new LinkedHashMap<>(sampling));
        }

        /** {@code smollm2:135m}. */
        public String name() {
            return family + ":" + tag;
        }
    }

    /**
     * Where a model can be had, and what was checked about the file there.
     *
     * @param name a name of its own: {@code hf.co/owner/repo:QUANT} or {@code pypi:package}
     * @param file the file inside the package
     * @param size bytes
     * @param sha256 of the file, 64 hex digits
     */
    public record SourceReference(String name, Optional<String> file, OptionalLong size, Optional<String> sha256) {}

    /** The catalogue inside the program. */
    public static Catalogue builtIn() {
        try (InputStream in = Objects.requireNonNull(Catalogue.class.getResourceAsStream("catalogue.json"))) {
            return read(Json.parse(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws GlassException when a key is missing or of the wrong kind */
    static Catalogue read(Json text) {
        Json.ObjectValue root = text.asObject();
        Json.ObjectValue licences = root.get("licences").asObject();
        Map<String, List<Entry>> families = new LinkedHashMap<>();
        Map<String, String> defaults = new LinkedHashMap<>();
        for (Json family : root.get("families").asArray()) {
            Json.ObjectValue members = family.asObject();
            String name = members.get("name").asString();
            List<Entry> entries = new ArrayList<>();
            for (Json tag : members.get("tags").asArray()) entries.add(entry(name, members, tag.asObject(), licences));
            families.put(name, List.copyOf(entries));
            defaults.put(name, members.get("default").asString());
        }
        return new Catalogue(families, defaults);
    }

    private static Entry entry(
            String family, Json.ObjectValue shared, Json.ObjectValue tag, Json.ObjectValue licences) {
        String id = shared.get("licence").asString();
        Json.ObjectValue licence = licences.get(id).asObject();
        Map<String, Double> sampling = new LinkedHashMap<>();
        Json.ObjectValue settings = shared.get("sampling").asObject();
        for (Map.Entry<String, Json> setting : settings.members().entrySet()) {
            if (!SAMPLER_KEYS.contains(setting.getKey()))
                throw new GlassException("No sampler setting " + setting.getKey());
            sampling.put(setting.getKey(), setting.getValue().asDouble());
        }
        List<SourceReference> sources = new ArrayList<>();
        for (Json source : tag.get("sources").asArray()) {
            Json.ObjectValue s = source.asObject();
            sources.add(new SourceReference(
                    s.get("name").asString(), s.string("file"), s.integer("size"), s.string("sha256")));
        }
        return new Entry(
                family,
                tag.get("tag").asString(),
                shared.get("publisher").asString(),
                shared.get("summary").asString(),
                Licence.of(id, licence.string("name"), licence.string("link")),
                sources,
                sampling,
                shared.get("sampling_source").asString());
    }

    /** The model called {@code family} (its default tag) or {@code family:tag}, upper and lower case alike. */
    public Optional<Entry> find(String name) {
        String asked = name.toLowerCase(Locale.ROOT);
        int colon = asked.indexOf(':');
        String family = colon < 0 ? asked : asked.substring(0, colon);
        String tag = colon < 0 ? defaults.getOrDefault(family, "") : asked.substring(colon + 1);
        if (tag.equals("latest")) tag = defaults.getOrDefault(family, "");
        String wanted = tag;
        return families.getOrDefault(family, List.of()).stream()
                .filter(e -> e.tag().equals(wanted))
                .findFirst();
    }

    /** All models, in the catalogue's order. */
    public List<Entry> entries() {
        return families.values().stream().flatMap(List::stream).toList();
    }

    /** Whether a name without a tag means this entry. */
    public boolean isDefault(Entry entry) {
        return entry.tag().equals(defaults.get(entry.family()));
    }

    /** Every way to write a catalogue name. */
    List<String> spellings() {
        List<String> names = new ArrayList<>(families.keySet());
        for (Entry entry : entries()) names.add(entry.name());
        return names;
    }

    /** The names of the family that an unknown {@code family:tag} begins with. */
    Optional<List<String>> family(String name) {
        int colon = name.indexOf(':');
        if (colon < 0) return Optional.empty();
        return Optional.ofNullable(families.get(name.substring(0, colon)))
                .map(entries -> entries.stream().map(Entry::name).toList());
    }
}
