package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.Setting;
import dev.glasshouse.sampling.StageKind;
import dev.glasshouse.weights.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sampler settings of requests, by the names of {@link Parameter}. */
final class Settings {
    private Settings() {}

    /** The settings among the members of a request, others passed over. */
    static Map<String, Object> among(Fields fields) {
        Map<String, Object> settings = new LinkedHashMap<>();
        for (Parameter<?> parameter : Parameter.all()) {
            fields.value(parameter.name())
                    .ifPresent(value -> settings.put(parameter.name(), read(parameter, fields, value)));
        }
        return settings;
    }

    /** The settings of a member that holds nothing else. */
    static Map<String, Object> of(Fields fields, String name) {
        Optional<Fields> inner = fields.object(name);
        if (inner.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> settings = among(inner.get());
        inner.get().noOthers();
        return settings;
    }

    private static Object read(Parameter<?> parameter, Fields fields, Json value) {
        boolean kind =
                switch (parameter.builtIn()) {
                    case Number number -> value instanceof Json.NumberValue;
                    case List<?> list -> value instanceof Json.ArrayValue || value instanceof Json.StringValue;
                    default -> value instanceof Json.ObjectValue;
                };
        if (!kind) {
            throw fields.wrong(parameter.name(), parameter.expected(), value);
        }
        Object plain = plain(value);
        Fields.checked(parameter.name(), () -> parameter.read(plain));
        return plain;
    }

    /** @throws ApiException if a bias is for a token that the model does not have */
    static void checkIds(Map<String, Object> settings, Model model) {
        Object biases = settings.getOrDefault(Parameter.LOGIT_BIAS.name(), Map.of());
        int[] ids = Parameter.LOGIT_BIAS.read(biases).keySet().stream()
                .mapToInt(Integer::intValue)
                .toArray();
        SessionRoutes.checkIds(Parameter.LOGIT_BIAS.name(), ids, model);
    }

    /** JSON as the values that {@link Parameter#read} takes. */
    private static Object plain(Json json) {
        return switch (json) {
            case Json.NumberValue number -> number.text();
            case Json.StringValue string -> string.text();
            case Json.ArrayValue array ->
                array.elements().stream().map(Settings::plain).toList();
            case Json.ObjectValue object -> {
                Map<String, Object> map = new LinkedHashMap<>();
                object.members().forEach((key, value) -> map.put(key, plain(value)));
                yield map;
            }
            case Json.BooleanValue truth -> Boolean.toString(truth.truth());
            case Json.NullValue none -> "null";
        };
    }

    /** Settings with their origins. */
    static List<Json> json(List<Setting<?>> settings) {
        return settings.stream()
                .map(setting -> (Json) Json.object()
                        .put("name", setting.parameter().name())
                        .put("value", value(setting.value()))
                        .put("origin", Answers.name(setting.origin()))
                        .build())
                .toList();
    }

    /** A value as a request would give it. */
    static Json value(Object value) {
        return switch (value) {
            case Float number -> Answers.number(number);
            case Number number -> Json.of(number.longValue());
            case StageKind kind -> Json.of(kind.fullName());
            case List<?> list -> Json.of(list.stream().map(Settings::value).toList());
            case Map<?, ?> map -> {
                Json.ObjectBuilder json = Json.object();
                map.forEach((key, bias) -> json.put(String.valueOf(key), value(bias)));
                yield json.build();
            }
            default -> Json.of(String.valueOf(value));
        };
    }
}
