package dev.glasshouse.training;

import dev.glasshouse.engine.Engine;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Quantizer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The folder {@code model/} of a finished run, ready to be published: the weights as GGUF in F32 and Q8_0 and in the layout of
 * Hugging Face, cards of model and data, the licence, the log, the report, the film strip and the lock.
 */
final class ModelExport {
    static final String F32 = "model.gguf";
    static final String Q8_0 = "model-q8_0.gguf";
    static final String HUB = "model.safetensors";
    static final String TOKENIZER = "tokenizer.json";
    static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final String CONFIG = "config.json";
    /** What follows from weights, tokenizer and what is said of the model. */
    private static final Pattern FILM = Pattern.compile("film/step-[0-9]+\\.json");

    static final List<String> FILES = List.of(F32, Q8_0, HUB, CONFIG, TOKENIZER, TOKENIZER_CONFIG);

    private final Trainer trainer;
    private final RunFolder run;
    private final Progress progress;

    ModelExport(Trainer trainer, RunFolder run, Progress progress) {
        this.trainer = trainer;
        this.run = run;
        this.progress = progress;
    }

    /** Writes the folder under another name and then gives it its own. */
    void write(TrainingState state) {
        Path partial = run.path().resolve(".model.partial");
        try {
            Durable.delete(partial);
            Files.createDirectories(partial);
            files(partial, state.parameters, trainer.data.tokenizer(), trainer.info);
            Map<String, String> files = new LinkedHashMap<>();
            for (String name : FILES) {
                files.put(name, FileDigest.sha256(partial.resolve(name), done -> {}));
            }
            RecipeLock lock = new RecipeLock(
                    Engine.NUMERICS_VERSION,
                    trainer.data.manifest(),
                    trainer.data.sha256(),
                    trainer.config,
                    trainer.info,
                    Optional.empty(),
                    Milestone.names(state.parameters, state.optimizer),
                    progress.milestones(),
                    files,
                    sessions());
            Durable.writeNew(partial.resolve(RecipeLock.NAME), lock.write());
            Durable.writeNew(partial.resolve("README.md"), ModelCard.text(trainer, state.parameters, progress, run));
            Durable.writeNew(partial.resolve("DATA.md"), ModelCard.data(trainer.data.manifest()));
            Durable.writeNew(partial.resolve("LICENSE"), licence(trainer.info.licence()));
            Files.copy(run.log(), partial.resolve("log.jsonl"));
            film(partial);
            Report.ofRun(run.path()).write(partial.resolve("report.html"));
            Durable.publish(partial, run.model());
        } catch (IOException e) {
            throw new GlassException(
                    "Cannot write the model to " + run.model() + ": " + e.getMessage()
                            + ". The last checkpoint holds its weights: free some space and resume.",
                    e);
        }
    }

    /** Writes {@link #FILES}; the same arguments give the same bytes. */
    static void files(Path folder, Parameters parameters, TokenizerFiles tokenizer, ModelInfo info) throws IOException {
        ModelWriter.gguf(folder.resolve(F32), parameters, tokenizer, info);
        quantize(folder.resolve(F32), folder.resolve(Q8_0));
        HubWriter.safetensors(folder.resolve(HUB), parameters);
        Durable.writeNew(
                folder.resolve(CONFIG), config(parameters.plan(), tokenizer).pretty() + "\n");
        Durable.writeNew(folder.resolve(TOKENIZER), tokenizer.json().write()); // the bytes that the data has
        Durable.writeNew(folder.resolve(TOKENIZER_CONFIG), tokenizer.config().pretty());
    }

    /** The quantised file follows from the F32 file alone. */
    static void quantize(Path f32, Path q8) {
        Quantizer.quantize(f32, q8, Quantizer.Recipe.Q8_0, (tensor, done, total) -> {});
    }

    private static Json.ObjectValue config(ModelPlan plan, TokenizerFiles tokenizer) {
        Json.ObjectBuilder config = Json.object();
        plan.config().members().forEach(config::put);
        for (String token : List.of("bos_token_id", "eos_token_id")) {
            OptionalLong id = tokenizer.gguf().integer("tokenizer.ggml." + token);
            config.put(token, id.isPresent() ? Json.of(id.getAsLong()) : Json.ofNull());
        }
        return config.build();
    }

    private void film(Path folder) throws IOException {
        List<TrainingLog.Entry> log = TrainingLog.read(run.log());
        for (TrainingLog.Entry entry : log) {
            if (entry instanceof TrainingLog.Picture picture) {
                String name = picture.film();
                if (!FILM.matcher(name).matches()) { // nothing else of the machine is published, whatever the log says
                    throw new GlassException("The log " + run.log() + " names a film that this program did not make: "
                            + Milestone.quoted(name) + ". Begin the training anew.");
                }
                SafeFolder.noLink(run.film());
                SafeFolder.noLink(run.path().resolve(name));
                Files.createDirectories(folder.resolve("film"));
                Files.copy(run.path().resolve(name), folder.resolve(name));
            }
        }
    }

    private Json sessions() throws IOException {
        List<Json> sessions = new ArrayList<>();
        for (String line : Files.readAllLines(run.sessions(), StandardCharsets.UTF_8)) {
            session(line).ifPresent(sessions::add);
        }
        return Json.object().put("sessions", sessions).build();
    }

    /** Empty where the line was cut short when its session was killed. */
    private static Optional<Json> session(String line) {
        try {
            return Optional.of(Json.parse(line));
        } catch (GlassException e) {
            return Optional.empty();
        }
    }

    private static String licence(String id) throws IOException {
        if (id.equals("apache-2.0")) {
            try (InputStream text = ModelExport.class.getResourceAsStream("apache-2.0.txt")) {
                if (text == null) {
                    throw new IllegalStateException("the licence's text is missing from this program");
                }
                return new String(text.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        return "The weights in this folder are published under the licence " + id
                + ". Its text: https://spdx.org/licenses/ (look for the id there).\n";
    }
}
