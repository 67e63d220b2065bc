package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.Draw;
import dev.glasshouse.sampling.Origin;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.Slice;
import dev.glasshouse.sampling.StageRecord;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads traces, distrusting them. */
final class TraceReader {
    private TraceReader() {}

    static Trace read(Json json) {
        try {
            Trace trace = trace(json.asObject());
            TraceCheck.check(trace);
            return trace;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new GlassException("The trace is damaged: " + e.getMessage() + ".", e);
        }
    }

    private static Trace trace(Json.ObjectValue json) {
        OptionalLong version = json.integer("glasshouse_trace");
        if (version.isEmpty() || version.getAsLong() != Trace.VERSION) {
            throw new GlassException("This is no trace of version " + Trace.VERSION + ": glasshouse_trace is "
                    + (version.isEmpty() ? "missing" : String.valueOf(version.getAsLong())) + ".");
        }
        Json.ObjectValue timings = json.get("timings").asObject();
        OptionalLong most = json.integer("max_tokens");
        return new Trace(
                model(json.get("model").asObject()),
                settings(json.get("settings").asArray()),
                json.get("stops").asArray().stream().map(Json::asString).toList(),
                most.isPresent() ? OptionalInt.of(Math.toIntExact(most.getAsLong())) : OptionalInt.empty(),
                json.get("ignore_end").asBoolean(),
                json.get("top").asInt(),
                list(json.get("prompt"), TraceReader::token),
                json.get("reused").asInt(),
                list(json.get("steps"), TraceReader::step),
                json.get("text").asString(),
                constant(FinishReason.class, json.get("finish")),
                json.string("stop"),
                new Timings(
                        timings.get("prompt_tokens").asInt(),
                        timings.get("reused_tokens").asInt(),
                        timings.get("prompt_ns").asLong(),
                        timings.get("generated_tokens").asInt(),
                        timings.get("generation_ns").asLong(),
                        timings.get("wait_ns").asLong()),
                list(json.get("tokens"), TraceReader::token));
    }

    private static <T> List<T> list(Json json, Function<Json.ObjectValue, T> reader) {
        return json.asArray().stream().map(Json::asObject).map(reader).toList();
    }

    private static <E extends Enum<E>> E constant(Class<E> type, Json json) {
        try {
            return Enum.valueOf(type, json.asString().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new GlassException("The trace is damaged: \"" + json.asString() + "\" is not known there.", e);
        }
    }

    private static Trace.Model model(Json.ObjectValue json) {
        return new Trace.Model(
                json.get("name").asString(),
                json.get("architecture").asString(),
                json.get("license").asString(),
                json.get("file").asString(),
                json.get("bytes").asLong(),
                json.get("sha256").asString(),
                json.get("parameters").asLong(),
                json.get("vocabulary").asInt(),
                json.get("context").asInt(),
                json.get("kv").asString(),
                json.get("kernels").asString(),
                json.get("threads").asInt(),
                json.get("numerics").asInt());
    }

    private static SamplerSettings settings(List<Json> list) {
        SamplerSettings settings = SamplerSettings.builtIn();
        for (Json element : list) {
            Json.ObjectValue setting = element.asObject();
            Parameter<?> parameter = parameter(setting.get("name").asString());
            settings = with(settings, parameter, setting);
        }
        return settings;
    }

    private static <T> SamplerSettings with(
            SamplerSettings settings, Parameter<T> parameter, Json.ObjectValue setting) {
        T value = parameter.read(plain(setting.get("value")));
        return settings.with(parameter, value, constant(Origin.class, setting.get("origin")));
    }

    private static Parameter<?> parameter(String name) {
        return Parameter.find(name)
                .orElseThrow(() -> new GlassException("The trace has an unknown sampler setting \"" + name + "\"."));
    }

    private static Trace.Token token(Json.ObjectValue json) {
        byte[] bytes = HexFormat.of().parseHex(json.get("bytes").asString());
        return new Trace.Token(
                json.get("id").asInt(), bytes, json.get("control").asBoolean());
    }

    private static Trace.Step step(Json.ObjectValue json) {
        Trace.Token token = token(json.get("token").asObject());
        Json.ObjectValue raw = json.get("raw").asObject();
        StepRecord sampling = new StepRecord(
                token.id(),
                constant(PickedBy.class, json.get("by")),
                json.get("rank").asInt(),
                json.get("p").asDouble(),
                raw.get("entropy_bits").asDouble(),
                raw.get("candidates").asInt(),
                list(raw.get("top"), TraceReader::candidate),
                raw.get("tail").asDouble(),
                list(json.get("stages"), TraceReader::stage),
                list(json.get("draws"), TraceReader::draw));
        return new Trace.Step(
                json.get("position").asInt(),
                token,
                json.get("text").asString(),
                sampling,
                json.get("forward_ns").asLong(),
                json.get("sampling_ns").asLong(),
                json.get("cache_used").asInt(),
                json.get("cache_bytes").asLong());
    }

    private static Candidate candidate(Json.ObjectValue json) {
        return new Candidate(
                json.get("id").asInt(),
                Float.parseFloat(plain(json.get("logit")).toString()),
                json.get("p").asDouble());
    }

    private static StageRecord stage(Json.ObjectValue json) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        json.get("parameters")
                .asObject()
                .members()
                .forEach((name, value) -> parameters.put(name, parameter(name).read(plain(value))));
        return new StageRecord(
                json.get("name").asString(),
                parameters,
                json.get("active").asBoolean(),
                json.get("kept").asInt(),
                json.get("cut").asDouble(),
                list(json.get("top"), TraceReader::candidate),
                json.get("tail").asDouble());
    }

    private static Draw draw(Json.ObjectValue json) {
        OptionalLong place = json.integer("place");
        return new Draw(
                json.get("stage").asString(),
                json.get("generator").asString(),
                json.get("seed").asLong(),
                json.get("position").asLong(),
                json.get("u").asDouble(),
                place.isPresent() ? OptionalInt.of(Math.toIntExact(place.getAsLong())) : OptionalInt.empty(),
                json.get("low").asDouble(),
                json.get("high").asDouble(),
                list(json.get("slices"), TraceReader::slice));
    }

    private static Slice slice(Json.ObjectValue json) {
        return new Slice(
                json.get("id").asInt(),
                json.get("low").asDouble(),
                json.get("high").asDouble());
    }

    /** JSON as the values that {@link Parameter#read} takes. */
    private static Object plain(Json json) {
        return switch (json) {
            case Json.NumberValue number -> number.text();
            case Json.StringValue string -> string.text();
            case Json.ArrayValue array ->
                array.elements().stream().map(TraceReader::plain).toList();
            case Json.ObjectValue object -> {
                Map<String, Object> map = new LinkedHashMap<>();
                object.members().forEach((key, value) -> map.put(key, plain(value)));
                yield map;
            }
            default -> json.write();
        };
    }
}
