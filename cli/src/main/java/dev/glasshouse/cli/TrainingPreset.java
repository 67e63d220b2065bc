package dev.glasshouse.cli;

import dev.glasshouse.stories.Document;
import dev.glasshouse.stories.StoryTeller;
import dev.glasshouse.training.Presets;
import dev.glasshouse.training.Schedule;
import dev.glasshouse.training.StoryData;
import dev.glasshouse.training.TrainingConfig;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.Manifest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A recipe by its name on the command line, and what it wants of the data. */
enum TrainingPreset {
    /** None: the planner chooses. */
    NONE,
    /** A small Llama on characters. */
    CHAR,
    /** The model inside this program, from stories that the program tells. */
    STORY,
    /** nanoGPT's recipe for a CPU. */
    NANOGPT;

    /** Of the stories that the model inside this program was trained on. */
    static final long STORY_SEED = 1;

    static final long STORY_DOCUMENTS = 32_000;
    private static final int STORY_VOCABULARY = 1024;
    /** Stories that their entropy is measured on: it moves in the fourth digit from one such set to the next. */
    private static final int MEASURED = 4000;

    static TrainingPreset of(Optional<String> name) {
        return switch (name.orElse("")) {
            case "" -> NONE;
            case "char" -> CHAR;
            case "story" -> STORY;
            case "nanogpt" -> NANOGPT;
            default ->
                throw new GlassException("'" + name.orElse("") + "' is no preset; there are char, story and nanogpt.");
        };
    }

    /** What some data was made for: stories, or anything. */
    static TrainingPreset ofData(DataSet data) {
        return generator(data).isPresent() ? STORY : NONE;
    }

    private static Optional<Json.ObjectValue> generator(DataSet data) {
        return data.manifest().sources().stream()
                .map(Manifest.Source::how)
                .filter(how -> how instanceof Json.ObjectValue object
                        && object.string("generator").orElse("").equals("stories"))
                .map(Json::asObject)
                .findFirst();
    }

    boolean makesText() {
        return this == STORY;
    }

    /** The data that it makes itself. */
    DataSet text(Path folder, int threads) {
        return StoryData.build(folder, STORY_SEED, STORY_DOCUMENTS, STORY_VOCABULARY, threads);
    }

    boolean characters() {
        return this == CHAR || this == NANOGPT;
    }

    /** Whether texts are put one after the other without a mark: nanoGPT's way. */
    boolean unmarked() {
        return this == NANOGPT;
    }

    /** The share kept for validation; 0 where the command line says it. */
    double validation() {
        return this == NANOGPT ? 0.1 : 0;
    }

    /** For some data. */
    Optional<TrainingConfig> config(DataSet data) {
        return this == CHAR ? Optional.of(Presets.character(data)) : config(data.vocabulary());
    }

    /** For data that is not there. */
    Optional<TrainingConfig> config(int vocabulary) {
        return switch (this) {
            case NONE -> Optional.empty();
            case CHAR -> Optional.of(Presets.character(vocabulary));
            case STORY -> Optional.of(Presets.story(vocabulary));
            case NANOGPT -> Optional.of(Presets.nanoGpt(vocabulary));
        };
    }

    String description() {
        return this == STORY
                ? "A storyteller of 1.1 million parameters, trained on stories that this program tells."
                : "";
    }

    List<String> languages() {
        return this == STORY ? List.of("en") : List.of();
    }

    /**
     * What no model can stay below on these texts, in bits a byte of the data, marks of turns included; empty
     * where nobody knows it.
     */
    OptionalDouble entropy(DataSet data) {
        OptionalLong seed = generator(data).map(how -> how.integer("seed")).orElse(OptionalLong.empty());
        if (seed.isEmpty()) {
            return OptionalDouble.empty();
        }
        StoryTeller teller = new StoryTeller(seed.getAsLong());
        double bits = 0;
        long bytes = 0;
        for (int i = 0; i < MEASURED; i++) {
            Document document = teller.document(i);
            bits += document.bits();
            bytes += document.text().getBytes(StandardCharsets.UTF_8).length;
        }
        return OptionalDouble.of(bits / (double) bytes);
    }

    /** A schedule for another number of steps: its parts keep their shares. */
    static Schedule fitted(Schedule old, long before, long now) {
        return new Schedule(
                old.kind(),
                Math.min(old.warmup(), old.warmup() * now / before + 1),
                old.finalFraction(),
                Math.min(old.decay(), old.decay() * now / before));
    }
}
