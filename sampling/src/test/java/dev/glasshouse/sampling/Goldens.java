package dev.glasshouse.sampling;

import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Npy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the golden files and builds the chains they name. */
final class Goldens {
    static final int VOCABULARY = 512;
    private static final List<Integer> ROWS = List.of(0, 7, 31, 64, 100, 180, 255);

    private static final Map<Integer, String> BREAKER_TOKENS =
            Map.of(13, "\n", 313, " \"", 436, "\"", 467, ":", 497, "*");
    private static final float[] LOGITS = Npy.parse(bytes("logits-7x512.npy")).floats();

    private Goldens() {}

    /** A chain without its picker, and the picker. */
    record Chain(List<SamplerStage> stages, Picker picker) {}

    static List<Json.ObjectValue> lines() {
        return new String(bytes("golden.jsonl"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> Json.parse(line).asObject())
                .toList();
    }

    static List<float[]> allRows() {
        return ROWS.stream().map(Goldens::logits).toList();
    }

    static float[] logits(int row) {
        float[] logits = new float[VOCABULARY];
        System.arraycopy(LOGITS, ROWS.indexOf(row) * VOCABULARY, logits, 0, VOCABULARY);
        return logits;
    }

    static List<Integer> history(int row) {
        return Json.parse(bytes("greedy-ids.json")).asArray().stream()
                .limit(row + 1L)
                .map(Json::asInt)
                .toList();
    }

    static Chain chain(Json.ObjectValue line, int seed) {
        List<SamplerStage> stages = new ArrayList<>();
        Picker picker = new DistPicker(seed);
        for (Json element : line.get("chain").asArray()) {
            List<Json> stage = element.asArray();
            SamplerStage made = stage(stage.getFirst().asString(), stage, seed);
            if (made instanceof Picker last) {
                picker = last;
            } else {
                stages.add(made);
            }
        }
        return new Chain(stages, picker);
    }

    private static SamplerStage stage(String name, List<Json> values, int seed) {
        return switch (name) {
            case "top_k" -> new TopKStage(values.get(1).asInt());
            case "top_p" -> new TopPStage(number(values, 1), 0);
            case "min_p" -> new MinPStage(number(values, 1), 0);
            case "typical" -> new TypicalStage(number(values, 1), 0);
            case "temperature" -> new TemperatureStage(number(values, 1), 0, 1);
            case "dynamic_temperature" -> new TemperatureStage(number(values, 1), number(values, 2), number(values, 3));
            case "top_n_sigma" -> new TopNSigmaStage(number(values, 1));
            case "xtc" -> new XtcStage(number(values, 1), number(values, 2), 0, seed);
            case "penalties" ->
                new PenaltiesStage(
                        VOCABULARY, values.get(1).asInt(), number(values, 2), number(values, 3), number(values, 4));
            case "dry" ->
                new DryStage(
                        number(values, 1),
                        number(values, 2),
                        values.get(3).asInt(),
                        values.get(4).asInt(),
                        breakers());
            case "logit_bias" -> new LogitBiasStage(biases(values));
            case "mirostat" ->
                MirostatPicker.version1(
                        VOCABULARY,
                        number(values, 1),
                        number(values, 2),
                        values.get(3).asInt(),
                        seed);
            case "mirostat_v2" -> MirostatPicker.version2(number(values, 1), number(values, 2), seed);
            case "adaptive_p" -> new AdaptivePPicker(number(values, 1), number(values, 2), seed);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static float number(List<Json> values, int index) {
        return (float) values.get(index).asDouble();
    }

    private static SortedMap<Integer, Float> biases(List<Json> values) {
        SortedMap<Integer, Float> biases = new TreeMap<>();
        for (int i = 1; i < values.size(); i += 2) {
            Json bias = values.get(i + 1);
            boolean ban = bias instanceof Json.StringValue;
            biases.put(values.get(i).asInt(), ban ? Float.NEGATIVE_INFINITY : (float) bias.asDouble());
        }
        return biases;
    }

    /** The model's tokens that hold one of llama.cpp's default breakers; all others are left empty. */
    static DryBreakers breakers() {
        return DryBreakers.of(
                Parameter.DRY_BREAKERS.builtIn(),
                VOCABULARY,
                id -> BREAKER_TOKENS.getOrDefault(id, "").getBytes(StandardCharsets.UTF_8),
                text -> new int[0]);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Goldens.class.getResourceAsStream("/oracle/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
