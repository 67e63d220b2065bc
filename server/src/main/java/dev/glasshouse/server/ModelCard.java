package dev.glasshouse.server;

import dev.glasshouse.AskOptions;
import dev.glasshouse.Model;
import dev.glasshouse.engine.EngineOptions;
import dev.glasshouse.engine.MemoryPlan;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.hub.Licence;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.ModelFacts;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a model is, as JSON: computed from its file, its licence, how open it is, what it takes. */
final class ModelCard {
    private ModelCard() {}

    static Json of(InstalledModel installed, Optional<Model> loaded, EngineOptions options, boolean tensors) {
        try (ModelFile file = ModelFile.open(installed.path())) {
            ModelFacts facts = ModelFacts.of(file);
            Json.ObjectBuilder json = Json.object()
                    .put("name", installed.name())
                    .put("facts", facts(facts))
                    .put("license", licence(installed, facts))
                    .put("source", installed.source())
                    .put("openness", openness(installed, facts));
            memory(file, loaded, options).ifPresent(plan -> json.put("memory", memory(plan)));
            loaded.ifPresent(model -> json.put(
                    "settings", Settings.json(model.settings(AskOptions.DEFAULT).all())));
            installed.files().stream()
                    .findFirst()
                    .flatMap(InstalledModel.File::sha256)
                    .ifPresent(hash -> json.put("sha256", hash));
            if (tensors) {
                json.put(
                        "tensors",
                        file.tensors().stream().map(ModelCard::tensor).toList());
            }
            return json.build();
        }
    }

    /** What a loaded model takes; what one that is not would; empty where that does not fit. */
    static Optional<MemoryPlan> memory(ModelFile file, Optional<Model> loaded, EngineOptions options) {
        if (loaded.isPresent()) {
            return Optional.of(loaded.get().engineFacts().memory());
        }
        try {
            return Optional.of(MemoryPlan.of(file, options));
        } catch (GlassException doesNotFit) {
            return Optional.empty();
        }
    }

    static Json memory(MemoryPlan plan) {
        Json.ObjectBuilder json = Json.object()
                .put("weights", plan.weights())
                .put("cache", plan.cache())
                .put("scratch", plan.scratch())
                .put("total", plan.total());
        Answers.put(json, "available", plan.available());
        return json.put("context", plan.context()).build();
    }

    private static Json tensor(Tensor tensor) {
        return Json.object()
                .put("name", tensor.name())
                .put("type", tensor.type().name())
                .put(
                        "shape",
                        Arrays.stream(tensor.info().shape()).mapToObj(Json::of).toList())
                .put("bytes", tensor.info().bytes())
                .build();
    }

    static Json facts(ModelFacts facts) {
        Json.ObjectBuilder json = Json.object().put("format", facts.format());
        Answers.put(json, "architecture", facts.architecture());
        Answers.put(json, "name", facts.name());
        Answers.put(json, "file_type", facts.fileType());
        json.put("parameters", facts.parameters()).put("file_bytes", facts.fileBytes());
        Answers.put(json, "layers", facts.layers());
        Answers.put(json, "heads", facts.heads());
        Answers.put(json, "kv_heads", facts.keyValueHeads());
        Answers.put(json, "embedding", facts.embedding());
        Answers.put(json, "context", facts.context());
        Answers.put(json, "vocabulary", facts.vocabulary());
        Answers.put(json, "experts", facts.experts());
        List<Json> types = new ArrayList<>();
        facts.types()
                .forEach(share -> types.add(Json.object()
                        .put("type", share.type().name())
                        .put("tensors", share.tensors())
                        .put("parameters", share.parameters())
                        .put("bytes", share.bytes())
                        .build()));
        json.put("types", types);
        Answers.put(json, "tokenizer", facts.tokenizer());
        json.put("chat_template", facts.chatTemplate())
                .put("datasets", facts.datasets().stream().map(Json::of).toList());
        List<Json> lineage = new ArrayList<>();
        facts.lineage().forEach(ancestor -> {
            Json.ObjectBuilder each = Json.object().put("name", ancestor.name());
            Answers.put(each, "organization", ancestor.organization());
            Answers.put(each, "link", ancestor.link());
            lineage.add(each.build());
        });
        return json.put("lineage", lineage).build();
    }

    static Json licence(Licence licence) {
        Json.ObjectBuilder json = Json.object().put("id", licence.id()).put("name", licence.name());
        Answers.put(json, "link", licence.link());
        return json.put("conditions", licence.conditions()).build();
    }

    /** The publisher's word; the file's, where the publisher says none. */
    private static Json licence(InstalledModel installed, ModelFacts facts) {
        if (!installed.licence().id().equals("unknown") || !facts.licence().isKnown()) {
            return licence(installed.licence());
        }
        Json.ObjectBuilder json = Json.object()
                .put("id", facts.licence().id().orElse("other"))
                .put("name", facts.licence().text());
        Answers.put(json, "link", facts.licence().link());
        return json.put("conditions", true).build();
    }

    /** What of the model is open, and how that is known: true, false, or "unknown". Nothing is guessed. */
    private static List<Json> openness(InstalledModel installed, ModelFacts facts) {
        boolean stated =
                !installed.licence().id().equals("unknown") || facts.licence().isKnown();
        return List.of(
                point("weights", Json.of(true), "The weights are a file on this machine."),
                point(
                        "architecture",
                        Json.of(true),
                        facts.architecture().orElse("Its architecture")
                                + " is computed by this program, step by step."),
                point(
                        "use",
                        !stated
                                ? Json.of("unknown")
                                : Json.of(!installed.licence().conditions()),
                        !stated
                                ? "Neither publisher nor file states a licence."
                                : installed.licence().name()),
                point(
                        "data",
                        Json.of("unknown"),
                        facts.datasets().isEmpty()
                                ? "The file names no training data."
                                : "The file names: " + String.join(", ", facts.datasets()) + "."),
                point("training", Json.of("unknown"), "The file does not tell how it was trained."));
    }

    private static Json point(String what, Json open, String why) {
        return Json.object().put("what", what).put("open", open).put("why", why).build();
    }
}
