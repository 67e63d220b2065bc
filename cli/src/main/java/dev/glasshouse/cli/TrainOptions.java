package dev.glasshouse.cli;

import dev.glasshouse.weights.GlassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which options of {@code glass train} go together: what would have no effect is refused, before anything is read or made. */
final class TrainOptions {
    private static final List<String> ALWAYS = List.of("--threads", "--scalar", "--json", "--help", "--debug");
    private static final List<String> RESUMING = List.of("--resume", "--micro-batch", "--license");
    private static final List<String> CHECKING = List.of("--check-gradients", "--config", "--preset");

    private final List<String> given;
    private final List<Path> files;
    /** How files of text become data. */
    private final List<String> ofText;

    private TrainOptions(CommandSpec spec, List<Path> files) {
        given = names(spec.commandLine().getParseResult().matchedOptions());
        ofText = names(Objects.requireNonNull(spec.mixins().get("data")).options());
        this.files = files;
    }

    private static List<String> names(List<OptionSpec> options) {
        return options.stream().map(OptionSpec::longestName).toList();
    }

    /** Whether the data is made already. */
    static boolean ready(List<Path> files) {
        return files.size() == 1 && Files.isDirectory(files.getFirst());
    }

    /** @throws GlassException that names what does not fit */
    static void check(CommandSpec spec, List<Path> files, TrainingPreset preset) {
        TrainOptions options = new TrainOptions(spec, files);
        if (options.has("--check-gradients")) {
            options.only(CHECKING, "--check-gradients trains nothing");
            refuse(files.isEmpty() ? List.of() : List.of("FILE"), "--check-gradients reads no text");
        } else if (options.has("--resume")) {
            options.only(RESUMING, "--resume goes on with what is in its folder");
            if (!files.isEmpty() && !ready(files)) {
                throw new GlassException(
                        "--resume takes one folder of data at most, where it was moved: leave the other"
                                + " files away.");
            }
        }
        List<String> choices = options.among(List.of("--config", "--preset", "--minutes"));
        if (choices.size() > 1) {
            throw new GlassException(String.join(" and ", choices)
                    + " choose the same things: give one of --config, --preset, --minutes.");
        }
        options.text(preset);
    }

    private void text(TrainingPreset preset) {
        if (ready(files)) {
            refuse(among(ofText), files.getFirst() + " is data that is made already");
        } else if (files.isEmpty() && preset.makesText()) {
            refuse(among(ofText), "the preset makes its own text");
        } else if (preset.validation() > 0) {
            refuse(among(List.of("--validation")), "the preset keeps " + preset.validation() + " of the text");
        }
        if (has("--tokenizer")) {
            refuse(among(List.of("--vocabulary", "--split", "--characters")), "the tokenizer is there already");
        } else if (preset.characters() || has("--characters")) {
            refuse(among(List.of("--vocabulary", "--split")), "the pieces are the characters of the text");
        }
    }

    private boolean has(String name) {
        return given.contains(name);
    }

    private List<String> among(List<String> names) {
        return given.stream().filter(names::contains).toList();
    }

    private void only(List<String> names, String why) {
        List<String> fitting = Stream.concat(names.stream(), ALWAYS.stream()).toList();
        refuse(given.stream().filter(name -> !fitting.contains(name)).toList(), why);
    }

    private static void refuse(List<String> names, String why) {
        if (!names.isEmpty()) {
            throw new GlassException(why + ": leave " + String.join(", ", names) + " away.");
        }
    }
}
