package dev.glasshouse.engine;

import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.Draw;
import dev.glasshouse.sampling.Setting;
import dev.glasshouse.sampling.Slice;
import dev.glasshouse.sampling.StageKind;
import dev.glasshouse.sampling.StageRecord;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.Json;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes traces. Bytes are hexadecimal; numbers that must come back exactly have all their digits. */
final class TraceWriter {
    private TraceWriter() {}

    static Json write(Trace trace) {
        Json.ObjectBuilder json = Json.object()
                .put("glasshouse_trace", Trace.VERSION)
                .put("model", model(trace.model()))
                .put(
                        "settings",
                        trace.settings().all().stream()
                                .map(TraceWriter::setting)
                                .toList())
                .put("stops", trace.stops().stream().map(Json::of).toList());
        trace.maxTokens().ifPresent(most -> json.put("max_tokens", most));
        json.put("ignore_end", trace.ignoreEnd())
                .put("top", trace.top())
                .put("prompt", trace.prompt().stream().map(TraceWriter::token).toList())
                .put("reused", trace.reused())
                .put("steps", trace.steps().stream().map(TraceWriter::step).toList())
                .put("text", trace.text())
                .put("finish", name(trace.finish()));
        trace.stop().ifPresent(stop -> json.put("stop", stop));
        return json.put(
                        "tokens",
                        trace.tokens().stream().map(TraceWriter::token).toList())
                .put("timings", trace.timings().toJson())
                .build();
    }

    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Json model(Trace.Model model) {
        return Json.object()
                .put("name", model.name())
                .put("architecture", model.architecture())
                .put("license", model.licence())
                .put("file", model.file())
                .put("bytes", model.bytes())
                .put("sha256", model.sha256())
                .put("parameters", model.parameters())
                .put("vocabulary", model.vocabulary())
                .put("context", model.context())
                .put("kv", model.kv())
                .put("kernels", model.kernels())
                .put("threads", model.threads())
                .put("numerics", model.numerics())
                .build();
    }

    private static Json setting(Setting<?> setting) {
        return Json.object()
                .put("name", setting.parameter().name())
                .put("value", value(setting.value()))
                .put("origin", name(setting.origin()))
                .build();
    }

    static Json token(Trace.Token token) {
        return Json.object()
                .put("id", token.id())
                .put("bytes", HexFormat.of().formatHex(token.bytes()))
                .put("control", token.control())
                .build();
    }

    static Json step(Trace.Step step) {
        Json.ObjectBuilder json = Json.object()
                .put("position", step.position())
                .put("token", token(step.token()))
                .put("text", step.text());
        sampling(json, step.sampling());
        return json.put("forward_ns", step.forwardNanos())
                .put("sampling_ns", step.samplingNanos())
                .put("cache_used", step.cacheUsed())
                .put("cache_bytes", step.cacheBytes())
                .build();
    }

    static Json sampling(StepRecord sampling) {
        Json.ObjectBuilder json = Json.object().put("id", sampling.id());
        sampling(json, sampling);
        return json.build();
    }

    private static void sampling(Json.ObjectBuilder json, StepRecord sampling) {
        json.put("by", name(sampling.by()))
                .put("rank", sampling.rank())
                .put("p", sampling.probability())
                .put(
                        "raw",
                        Json.object()
                                .put("candidates", sampling.vocabulary())
                                .put("entropy_bits", sampling.entropy())
                                .put("top", candidates(sampling.top()))
                                .put("tail", sampling.tail())
                                .build())
                .put(
                        "stages",
                        sampling.stages().stream().map(TraceWriter::stage).toList())
                .put("draws", sampling.draws().stream().map(TraceWriter::draw).toList());
    }

    private static Json stage(StageRecord stage) {
        Json.ObjectBuilder parameters = Json.object();
        stage.parameters().forEach((name, value) -> parameters.put(name, value(value)));
        return Json.object()
                .put("name", stage.name())
                .put("active", stage.active())
                .put("parameters", parameters.build())
                .put("kept", stage.kept())
                .put("cut", stage.cutMass())
                .put("top", candidates(stage.top()))
                .put("tail", stage.tail())
                .build();
    }

    private static Json draw(Draw draw) {
        Json.ObjectBuilder json = Json.object()
                .put("stage", draw.stage())
                .put("generator", draw.generator())
                .put("seed", draw.seed())
                .put("position", draw.position())
                .put("u", draw.u());
        draw.place().ifPresent(place -> json.put("place", place));
        return json.put("low", draw.low())
                .put("high", draw.high())
                .put("slices", draw.slices().stream().map(TraceWriter::slice).toList())
                .build();
    }

    private static Json slice(Slice slice) {
        return Json.object()
                .put("id", slice.id())
                .put("low", slice.low())
                .put("high", slice.high())
                .build();
    }

    private static List<Json> candidates(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> (Json) Json.object()
                        .put("id", candidate.id())
                        .put("logit", number(candidate.logit()))
                        .put("p", candidate.probability())
                        .build())
                .toList();
    }

    private static Json number(float value) {
        return Float.isFinite(value) ? new Json.NumberValue(plain(value)) : Json.of(Float.toString(value));
    }

    /** The shortest text that reads back as this float. */
    private static String plain(float value) {
        return Float.toString(value);
    }

    private static Json value(Object value) {
        return switch (value) {
            case Float number -> number(number);
            case Number number -> Json.of(number.longValue());
            case StageKind kind -> Json.of(kind.fullName());
            case List<?> list -> Json.of(list.stream().map(TraceWriter::value).toList());
            case Map<?, ?> map -> {
                Json.ObjectBuilder json = Json.object();
                map.forEach((key, bias) -> json.put(String.valueOf(key), value(bias)));
                yield json.build();
            }
            default -> Json.of(String.valueOf(value));
        };
    }
}
