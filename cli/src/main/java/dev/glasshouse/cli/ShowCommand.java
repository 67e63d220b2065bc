package dev.glasshouse.cli;

import dev.glasshouse.Model;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GgufFile;
import dev.glasshouse.weights.Metadata;
import dev.glasshouse.weights.ModelFacts;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code glass show}: what a model is, computed from its file. */
@Command(
        name = "show",
        description = {
            "Show what a model is: facts computed from its file, licence, where it came from.",
            "",
            "The weights are not read but for --digest."
        })
final class ShowCommand implements Runnable {
    private final Console console;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Option(names = "--license", description = "Only the licence.")
    private boolean licence;

    @Option(names = "--template", description = "The chat template.")
    private boolean template;

    @Option(names = "--tensors", description = "All tensors with type and shape.")
    private boolean tensors;

    @Option(names = "--metadata", description = "All keys of the file with their values.")
    private boolean metadata;

    @Option(names = "--digest", description = "Compute the SHA-256 of the files.")
    private boolean digest;

    @Option(names = "--json", description = "The facts as one JSON object.")
    private boolean json;

    ShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        InstalledModel installed = model.installed(console);
        try (ModelFile file = ModelFile.open(installed.path())) {
            ModelFacts facts = ModelFacts.of(file);
            FactsPicture picture = new FactsPicture(console);
            if (json) {
                console.json(FactsPicture.json(facts));
            } else if (licence) {
                console.out().println(picture.licence(facts, installed));
            } else if (template) {
                console.out()
                        .println(Model.templates(installed.path())
                                .choose(false)
                                .map(chosen -> chosen.source())
                                .orElse("(no chat template)"));
            } else if (tensors) {
                printTensors(file);
            } else if (metadata) {
                printMetadata(file);
            } else {
                picture.print(facts, installed);
            }
            if (digest) {
                printDigests(file);
            }
        }
    }

    private void printTensors(ModelFile file) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("TENSOR", "TYPE", "SHAPE", "BYTES"));
        for (Tensor tensor : file.tensors()) {
            rows.add(List.of(
                    tensor.name(),
                    tensor.type().name(),
                    tensor.info().shapeText(),
                    Numbers.whole(tensor.info().bytes())));
        }
        Table.print(console, rows);
    }

    private void printMetadata(ModelFile file) {
        if (!(file instanceof GgufFile gguf)) {
            console.note("Only GGUF files have metadata; see config.json in " + model.name() + ".");
            return;
        }
        Metadata keys = gguf.metadata();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("KEY", "VALUE"));
        for (String key : keys.keys()) {
            rows.add(List.of(key, TokenText.oneLine(keys.describe(key).orElse(""), 200)));
        }
        Table.print(console, rows);
    }

    private void printDigests(ModelFile file) {
        for (Path path : file.files()) {
            try (ProgressBar bar = new ProgressBar(console, "hashing " + path.getFileName())) {
                long size = path.toFile().length();
                String sha256 = FileDigest.sha256(path, done -> bar.update(done, size, 0, OptionalLong.empty()));
                console.out().println(sha256 + "  " + path.getFileName());
            }
        }
    }
}
