package dev.glasshouse.cli;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Quantizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass quantize}: write a model anew with other tensor types. */
@Command(
        name = "quantize",
        description = {
            "Write a GGUF model anew with other tensor types.",
            "",
            "TYPE is F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_K_M, Q4_K_S, Q4_1 or Q4_0. Which tensors"
                    + " get which type follows llama.cpp's llama-quantize."
        })
final class QuantizeCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "IN", description = "A model by name or path.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "OUT", description = "The GGUF file to write.")
    private Path target = Path.of("");

    @Parameters(index = "2", paramLabel = "TYPE", description = "For example Q4_K_M.")
    private String type = "";

    @Option(names = "--accept-license", description = "Accept a licence that has conditions, without being asked.")
    private boolean acceptLicence;

    @Option(names = "--force", description = "Replace OUT if it is there.")
    private boolean force;

    QuantizeCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Quantizer.Recipe recipe = Quantizer.Recipe.parse(type);
        if (!force && Files.exists(target)) {
            throw new GlassException(target + " is there already; choose another name, or --force to replace it.");
        }
        Path path = new ModelOption(source, acceptLicence).installed(console).path();
        Quantizer.Result result;
        try (ProgressBar bar = new ProgressBar(console, "writing " + target.getFileName())) {
            result = Quantizer.quantize(
                    path, target, recipe, (tensor, done, total) -> bar.update(done, total, 0, OptionalLong.empty()));
        }
        List<String> types = new ArrayList<>();
        result.tensorsByType().forEach((tensorType, count) -> types.add(count + " " + tensorType));
        console.note("wrote " + target + ", " + ProgressBar.bytes(result.bytes()) + ": " + String.join(", ", types));
        if (result.requantized() > 0) {
            console.note(
                    result.requantized() + " tensors went from one quantised type to another, which loses more than"
                            + " going from F16 or F32.");
        }
    }
}
