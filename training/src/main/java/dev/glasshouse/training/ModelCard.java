package dev.glasshouse.training;

import dev.glasshouse.weights.Json;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The card of a model: what it is, what it was made from, how to run it and how to check it. */
final class ModelCard {
    private ModelCard() {}

    static String text(Trainer trainer, Parameters parameters, Progress progress, RunFolder run) {
        TrainingConfig config = trainer.config;
        ModelInfo info = trainer.info;
        StringBuilder card = new StringBuilder("---\nlicense: " + info.licence() + "\n");
        if (!info.languages().isEmpty()) {
            card.append("language: [")
                    .append(String.join(", ", info.languages()))
                    .append("]\n");
        }
        card.append(
                        "library_name: transformers\npipeline_tag: text-generation\ntags: [glasshouse, verified-recipe]\n---\n\n# ")
                .append(info.name())
                .append("\n\n");
        if (!info.description().isEmpty()) {
            card.append(info.description()).append("\n\n");
        }
        card.append(String.format(
                Locale.ROOT,
                "A %s of %,d parameters (%d layers of width %d, %d heads, vocabulary %,d, context %,d), trained from"
                        + " scratch on %,d tokens in %,d steps.\n\n",
                config.model().architecture(),
                parameters.count(),
                config.model().layers(),
                config.model().width(),
                config.model().heads(),
                config.model().vocabulary(),
                config.model().context(),
                config.steps() * config.tokensPerStep(),
                config.steps()));
        progress.last()
                .ifPresent(loss -> card.append(String.format(
                        Locale.ROOT,
                        "Loss on the validation split: %.4f nats a token, %.4f bits a byte.\n\n",
                        loss,
                        loss / StrictMath.log(2) / trainer.data.validationBytesPerToken())));
        card.append(
                "## Check it\n\n`recipe.lock` says exactly how these weights were made. `glass verify . --full` trains them"
                        + " again and compares, bit for bit; without `--full` it repeats the first tenth.\n\n");
        card.append("## Run it\n\n`glass run ./").append(ModelExport.Q8_0).append("`\n\n");
        card.append("## Data\n\n").append(sources(trainer.data.manifest())).append("\n\n");
        card.append(
                "## Limits\n\nThe model knows nothing but the text above; what it writes is made up. It was not made to be"
                        + " useful, safe or truthful beyond it.\n\n");
        card.append("## Configuration\n\n```json\n")
                .append(config.toJson().pretty())
                .append("\n```\n");
        return card.toString();
    }

    /** The card of the data: where it came from and what became of it. */
    static String data(Json.ObjectValue manifest) {
        StringBuilder card =
                new StringBuilder("# The data\n\n").append(sources(manifest)).append("\n\n");
        card.append("| | documents | tokens | bytes of text |\n|---|---|---|---|\n");
        for (String side : List.of("train", "validation")) {
            manifest.object(side)
                    .ifPresent(part -> card.append(String.format(
                            Locale.ROOT,
                            "| %s | %,d | %,d | %,d |\n",
                            side,
                            part.integer("documents").orElse(0),
                            part.integer("tokens").orElse(0),
                            part.integer("bytes").orElse(0))));
        }
        card.append("\nExact duplicates dropped: ")
                .append(manifest.integer("duplicates_dropped").orElse(0))
                .append(". The whole manifest, with the SHA-256 of every text and shard, stands in `recipe.lock`.\n");
        return card.toString();
    }

    /** A line a source, as far as the manifest names them. */
    private static String sources(Json.ObjectValue manifest) {
        List<Json> sources = manifest.array("sources").orElse(List.of());
        if (sources.isEmpty()) {
            return "See the manifest in `recipe.lock`.";
        }
        return sources.stream().map(Json::asObject).map(ModelCard::source).collect(Collectors.joining("\n"));
    }

    private static String source(Json.ObjectValue source) {
        Json how = source.find("how").orElse(Json.ofNull());
        return "- " + source.string("name").orElse("a text") + ", licence "
                + source.string("licence").orElse("unknown")
                + ", SHA-256 `" + source.string("sha256").orElse("unknown") + "`, "
                + (source.string("kind").orElse("").equals("generated") ? "made by a generator: `" : "read as `")
                + how.write() + "`";
    }
}
