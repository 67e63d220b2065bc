package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.tokenizer.BpeOptions;
import dev.glasshouse.tokenizer.BpeTrainer;
import dev.glasshouse.tokenizer.TrainedTokenizer;
import dev.glasshouse.training.TrainingConfig.Checkpoints;
import dev.glasshouse.training.TrainingConfig.Evaluation;
import dev.glasshouse.training.Verification.CannotTell;
import dev.glasshouse.training.Verification.Different;
import dev.glasshouse.training.Verification.Outcome;
import dev.glasshouse.training.data.DataBuilder;
import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.DataSource;
import dev.glasshouse.training.data.DocumentRule;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seedling: trained once, verified in full; and everything that a check must find. */
class VerifierTest {
    @TempDir
    static Path scratch;

    private static Path text;
    private static Path run;

    @BeforeAll
    static void trainsTheSeedling() throws IOException {
        text = scratch.resolve("numbers.txt");
        Files.writeString(text, story());
        TrainedTokenizer tokenizer = BpeTrainer.trainOnTexts(BpeOptions.of(300), Stream.of(Files.readString(text)), 1);
        run = scratch.resolve("run");
        Files.createDirectories(run);
        try (DataSet data = DataBuilder.with(tokenizer)
                .add(new DataSource.TextFile(text, DocumentRule.BLANK_LINES, "CC0-1.0"))
                .shardTokens(4000)
                .build(run.resolve("data"))) {
            Trainer.builder(config(data.vocabulary()), data, run)
                    .info(ModelInfo.named("Seedling"))
                    .build()
                    .run();
        }
    }

    private static String story() {
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            String name = "BDKLMT".charAt(random.nextInt(6))
                    + ""
                    + "aeiou".charAt(random.nextInt(5))
                    + "bdklmt".charAt(random.nextInt(6));
            int apples = random.nextInt(10);
            all.append(name)
                    .append(" has ")
                    .append(apples)
                    .append(" apples. How many apples has ")
                    .append(name)
                    .append("? ")
                    .append(apples)
                    .append(".\n\n");
        }
        return all.toString();
    }

    private static TrainingConfig config(int vocabulary) {
        ModelPlan plan = new ModelPlan("llama", vocabulary, 32, 32, 2, 2, 1, 16, 64, 1e-5, 10_000, true, true);
        return TrainingConfig.builder(plan)
                .length(32)
                .batch(8)
                .steps(60)
                .order(TrainingConfig.Order.DOCUMENTS)
                .optimizer(OptimizerConfig.muon(3e-3, 0.02))
                .schedule(Schedule.cosine(5))
                .evaluation(new Evaluation(30, 0))
                .checkpoints(new Checkpoints(24, 3))
                .build();
    }

    private static Verification verify(Path folder, VerifyOptions options) {
        return Verifier.verify(folder, options, VerifyListener.NONE);
    }

    /** A copy of the run that may be spoilt. */
    private static Path copy(String name) throws IOException {
        Path to = scratch.resolve(name);
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(run.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    @Test
    void theSeedlingIsTheSame() {
        Verification found = verify(run, VerifyOptions.full().withThreads(2));
        assertThat(found.verdict()).isInstanceOf(Verification.Same.class);
        assertThat(found.whole()).isTrue();
        assertThat(found.share()).isEqualTo(1);
        assertThat(found.checked())
                .filteredOn(what -> what.startsWith("the milestone"))
                .hasSize(23);
    }

    @Test
    void aPartSaysWhichShareItChecked() {
        Verification found = verify(run, VerifyOptions.full().withSteps(10));
        assertThat(found.outcome()).isEqualTo(Outcome.SAME);
        assertThat(found.share()).isEqualTo(9.0 / 60); // milestones are 3 steps apart
        assertThat(verify(run, VerifyOptions.full().withSteps(0)).filesFollow()).isTrue();
        Path checkpoint = run.resolve("checkpoints/step-00000048");
        Verification between = verify(run, VerifyOptions.full().from(checkpoint).withSteps(0));
        assertThat(between.share()).isZero();
        Verification rest = verify(run, VerifyOptions.full().from(checkpoint));
        assertThat(rest.outcome()).isEqualTo(Outcome.SAME);
        assertThat(rest.fromStep()).isEqualTo(48);
        assertThat(rest.share()).isEqualTo(12.0 / 60);
    }

    @Test
    void madeAgainFromTheText() throws IOException {
        Path bare = copy("bare");
        Durable.delete(bare.resolve("data"));
        Verification missing = verify(bare, VerifyOptions.full().withSteps(3));
        assertThat(missing.verdict()).isInstanceOf(CannotTell.class);
        assertThat(((CannotTell) missing.verdict()).missing())
                .singleElement(InstanceOfAssertFactories.STRING)
                .contains("numbers.txt");
        VerifyOptions given = VerifyOptions.full().withSteps(3).withData(List.of(text));
        Verification found = verify(bare, given);
        assertThat(found.outcome()).isEqualTo(Outcome.SAME);
        assertThat(found.checked()).anyMatch(what -> what.contains("made again"));
        Verification declined = Verifier.verify(bare, given, new VerifyListener() {
            @Override
            public boolean cost(Cost cost) {
                assertThat(cost.steps()).isEqualTo(3);
                assertThat(cost.disk()).isPositive();
                return false;
            }

            @Override
            public void making(String what) {
                throw new AssertionError("made before anybody knew what it costs");
            }
        });
        assertThat(declined.outcome()).isEqualTo(Outcome.CANNOT_TELL);
    }

    /** What a program carries inside: the quantised file and the lock, no F32, no data. */
    @Test
    void theQuantisedFileAlone() throws IOException {
        Path small = copy("small");
        Files.delete(small.resolve("model/model.gguf"));
        Files.delete(small.resolve("model/model.safetensors"));
        assertThat(verify(small, VerifyOptions.full().withSteps(3)).filesFollow())
                .isFalse();
        Verification found = verify(small, VerifyOptions.full());
        assertThat(found.outcome()).isEqualTo(Outcome.SAME);
        assertThat(found.filesFollow()).isTrue();
        Files.delete(small.resolve("model/model-q8_0.gguf"));
        assertThat(verify(small, VerifyOptions.full()).outcome()).isEqualTo(Outcome.CANNOT_TELL);
    }

    @Test
    void oneBitOfTheWeights() throws IOException {
        Path spoilt = copy("bit");
        Path file = spoilt.resolve("model/model.gguf");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 100] ^= 1;
        Files.write(file, bytes);
        Different found = different(spoilt);
        assertThat(found.step()).isEqualTo(60);
        assertThat(found.tensor()).isEqualTo("output_norm.weight");
    }

    /** Other weights with a lock that was made to fit them: only training again tells. */
    @Test
    void aChangedRateInALockThatHoldsTogether() throws IOException {
        Path spoilt = copy("rate");
        Path file = spoilt.resolve("model/recipe.lock");
        String lock = Files.readString(file);
        assertThat(lock).contains("\"muon_rate\": 0.02");
        Files.writeString(file, seal(lock.replace("\"muon_rate\": 0.02", "\"muon_rate\": 0.021")));
        Different found = different(spoilt);
        assertThat(found.where()).isEqualTo("milestone");
        assertThat(found.step()).isEqualTo(1);
        assertThat(found.tensor())
                .isEqualTo("blk.0.attn_q.weight"); // the embedding has AdamW's rate, which is as it was
    }

    @Test
    void anEditedLock() throws IOException {
        Path spoilt = copy("lock");
        Path file = spoilt.resolve("model/recipe.lock");
        Files.writeString(file, Files.readString(file).replace("\"clip\": 1.0", "\"clip\": 1.5"));
        Different found = different(spoilt);
        assertThat(found.where()).isEqualTo("recipe.lock");
        assertThat(found.what()).contains("was edited");
    }

    @Test
    void oneByteOfTheData() throws IOException {
        Path spoilt = copy("byte");
        Path file = spoilt.resolve("data/train-00001.tokens");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 1;
        Files.write(file, bytes);
        Different found = different(spoilt);
        assertThat(found.where()).isEqualTo("data");
        assertThat(found.what()).contains("train-00001.tokens");
    }

    @Test
    void swappedShards() throws IOException {
        Path spoilt = copy("swapped");
        Path first = spoilt.resolve("data/train-00000.tokens");
        Path second = spoilt.resolve("data/train-00001.tokens");
        Path aside = spoilt.resolve("aside");
        Files.move(first, aside);
        Files.move(second, first);
        Files.move(aside, second, StandardCopyOption.REPLACE_EXISTING);
        Different found = different(spoilt);
        assertThat(found.where()).isEqualTo("data");
    }

    @Test
    void aQuantisedFileOfOtherWeights() throws IOException {
        Path spoilt = copy("quantised");
        Path file = spoilt.resolve("model/model-q8_0.gguf");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 200] ^= 1;
        Files.write(file, bytes);
        assertThat(different(spoilt).where()).isEqualTo("model-q8_0.gguf");
        // with a lock that names its hash, it still does not follow from the F32 file
        Path lock = spoilt.resolve("model/recipe.lock");
        String old = RecipeLock.read(lock).files().get("model-q8_0.gguf");
        Files.writeString(lock, seal(Files.readString(lock).replace(old, ModelFiles.sha256(file))));
        assertThat(different(spoilt).what()).contains("does not follow");
    }

    /** Weights for Hugging Face that others put beside the quantised file, in a lock that was made to fit. */
    @Test
    void aFileThatTheRecipeDoesNotGive() throws IOException {
        Path spoilt = copy("foreign");
        Files.delete(spoilt.resolve("model/model.gguf"));
        Path file = spoilt.resolve("model/model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 100] ^= 1;
        Files.write(file, bytes);
        Path lock = spoilt.resolve("model/recipe.lock");
        String old = RecipeLock.read(lock).files().get("model.safetensors");
        Files.writeString(lock, seal(Files.readString(lock).replace(old, ModelFiles.sha256(file))));
        assertThat(different(spoilt).where()).isEqualTo("model.safetensors");
        Path unknown = copy("unknown");
        Path without = unknown.resolve("model/recipe.lock");
        Files.writeString(without, seal(Files.readString(without).replaceFirst("\\s*\"model.gguf\": \"[^\"]*\",", "")));
        assertThat(different(unknown).what()).contains("does not know the file model.gguf");
    }

    @Test
    void aManifestOfOtherData() throws IOException {
        Path spoilt = copy("manifest");
        Path lock = spoilt.resolve("model/recipe.lock");
        String shard = RecipeLock.read(lock)
                .data()
                .get("train")
                .asObject()
                .get("shards")
                .asArray()
                .getFirst()
                .asObject()
                .get("sha256")
                .asString();
        Files.writeString(lock, seal(Files.readString(lock).replace(shard, "0".repeat(64))));
        assertThat(different(spoilt).what()).contains("its manifest is not that of its data");
    }

    /** A checkpoint from elsewhere, and one between two milestones. */
    @Test
    void checkpointsThatTellNothing() throws IOException {
        Path copy = copy("checkpoints");
        Path checkpoint = copy.resolve("checkpoints/step-00000048");
        Path facts = checkpoint.resolve("checkpoint.json");
        String text = Files.readString(facts);
        String data = RecipeLock.read(copy.resolve("model/recipe.lock")).dataSha256();
        for (Map.Entry<String, String> edit : Map.of(
                        "\"step\": 48", "\"step\": 5000", "\"step\": 48,", "\"step\": -1,", data, "0".repeat(64))
                .entrySet()) {
            String edited = text.replace(edit.getKey(), edit.getValue());
            assertThat(edited).isNotEqualTo(text);
            Files.writeString(facts, edited);
            assertThat(verify(copy, VerifyOptions.full().from(checkpoint)).outcome())
                    .as(edit.getValue())
                    .isEqualTo(Outcome.CANNOT_TELL);
        }
        Files.writeString(facts, text.replace("\"step\": 48", "\"step\": 49"));
        Verification none = verify(copy, VerifyOptions.full().from(checkpoint).withSteps(1));
        assertThat(none.verdict()).isInstanceOf(CannotTell.class);
        assertThat(((CannotTell) none.verdict()).missing().getFirst()).contains("No milestone lies between");
    }

    /** nanoGPT's way: biases that stay 0 are in the file like any other. */
    @Test
    void aModelWithoutBiases() throws IOException {
        Path other = scratch.resolve("nanogpt");
        Files.createDirectories(other);
        TrainedTokenizer tokenizer = BpeTrainer.trainOnTexts(BpeOptions.of(300), Stream.of(Files.readString(text)), 1);
        try (DataSet data = DataBuilder.with(tokenizer)
                .add(new DataSource.TextFile(text, DocumentRule.BLANK_LINES, "CC0-1.0"))
                .build(other.resolve("data"))) {
            ModelPlan plan =
                    new ModelPlan("gpt2", data.vocabulary(), 32, 32, 1, 2, 2, 16, 64, 1e-5, 10_000, true, false);
            TrainingConfig config = TrainingConfig.builder(plan)
                    .length(32)
                    .batch(2)
                    .steps(21)
                    .optimizer(OptimizerConfig.adamW(1e-3))
                    .build();
            Trainer.builder(config, data, other).build().run();
        }
        assertThat(verify(other, VerifyOptions.full()).verdict()).isInstanceOf(Verification.Same.class);
    }

    /** A name that leads out of the folder, and a link. */
    @Test
    void nothingLeavesTheFolder() throws IOException {
        Path spoilt = copy("names");
        Path lock = spoilt.resolve("model/recipe.lock");
        Files.writeString(lock, seal(Files.readString(lock).replace("\"config.json\":", "\"../../secret\":")));
        assertThat(catchThrowable(() -> verify(spoilt, VerifyOptions.full())))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("not the plain name");
        Path linked = copy("linked");
        Path file = linked.resolve("model/model.gguf");
        Files.delete(file);
        Files.createSymbolicLink(file, run.resolve("model/model.gguf").toAbsolutePath());
        Verification found = verify(linked, VerifyOptions.full());
        assertThat(found.verdict()).isInstanceOf(CannotTell.class);
        assertThat(((CannotTell) found.verdict()).missing().getFirst()).contains("is a link");
        Path whole = scratch.resolve("whole");
        Files.createDirectories(whole);
        Files.createSymbolicLink(whole.resolve("model"), run.resolve("model").toAbsolutePath());
        assertThat(catchThrowable(() -> verify(whole, VerifyOptions.full()))).hasMessageContaining("is a link");
    }

    /** Puts the right hash at a lock's end. */
    private static String seal(String lock) {
        Json.ObjectBuilder body = Json.object();
        for (Map.Entry<String, Json> member :
                Json.parse(lock).asObject().members().entrySet()) {
            if (!member.getKey().equals("sha256")) {
                body.put(member.getKey(), member.getValue());
            }
        }
        byte[] bytes = body.build().write().getBytes(StandardCharsets.UTF_8);
        return body.put("sha256", HexFormat.of().formatHex(FileDigest.sha256().digest(bytes)))
                .build()
                .pretty();
    }

    private static Different different(Path folder) {
        Verification found = verify(folder, VerifyOptions.full());
        assertThat(found.outcome()).isEqualTo(Outcome.DIFFERENT);
        return (Different) found.verdict();
    }
}
