package dev.glasshouse.cli;

import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.StageRecord;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names and values of sampler stages as the pictures show them. */
final class StageText {
    private StageText() {}

    /** A name for the head of a narrow column. */
    static String head(StageRecord stage) {
        return switch (stage.name()) {
            case "temperature" -> "temp";
            case "penalties" -> "penalty";
            case "top_n_sigma" -> "n_sigma";
            case "logit_bias" -> "bias";
            case "adaptive_p" -> "adaptive";
            case "mirostat_v2" -> "mirostat";
            default -> stage.name();
        };
    }

    /** The one value that matters most; empty where none does. */
    static String value(StageRecord stage) {
        return main(stage.name())
                .flatMap(parameter -> Optional.ofNullable(stage.parameters().get(parameter.name())))
                .map(StageText::plain)
                .orElse("");
    }

    /** Name and values: "top_k 40", "penalties repeat_penalty 1.1". */
    static String full(StageRecord stage) {
        String value = value(stage);
        if (!value.isEmpty() && !stage.name().equals("penalties")) {
            return stage.name() + " " + value;
        }
        StringBuilder text = new StringBuilder(stage.name());
        if (stage.name().equals("penalties") && stage.active()) {
            stage.parameters().forEach((name, set) -> {
                if (!isNeutral(name, set)) {
                    text.append(' ').append(name).append(' ').append(plain(set));
                }
            });
        }
        return text.toString();
    }

    private static boolean isNeutral(String name, Object value) {
        return name.equals(Parameter.PENALTY_LAST_N.name())
                || Parameter.find(name)
                        .map(parameter -> parameter.builtIn().equals(value))
                        .orElse(false);
    }

    private static Optional<Parameter<?>> main(String stage) {
        return Optional.ofNullable(
                switch (stage) {
                    case "temperature" -> Parameter.TEMPERATURE;
                    case "top_k" -> Parameter.TOP_K;
                    case "top_p" -> Parameter.TOP_P;
                    case "min_p" -> Parameter.MIN_P;
                    case "typ_p" -> Parameter.TYPICAL_P;
                    case "top_n_sigma" -> Parameter.TOP_N_SIGMA;
                    case "xtc" -> Parameter.XTC_THRESHOLD;
                    case "penalties" -> Parameter.PENALTY_REPEAT;
                    case "dry" -> Parameter.DRY_MULTIPLIER;
                    case "mirostat", "mirostat_v2" -> Parameter.MIROSTAT_TAU;
                    case "adaptive_p" -> Parameter.ADAPTIVE_TARGET;
                    case "logit_bias" -> Parameter.LOGIT_BIAS;
                    default -> null;
                });
    }

    /** Whether the stage only drops candidates, so that their order stays. */
    static boolean filters(String stage) {
        return switch (stage) {
            case "top_k", "top_p", "min_p", "typ_p", "top_n_sigma", "xtc" -> true;
            default -> false;
        };
    }

    static String plain(Object value) {
        return switch (value) {
            case Map<?, ?> map -> map.isEmpty() ? "none" : map.size() == 1 ? "1 token" : map.size() + " tokens";
            case Collection<?> list -> list.size() + " texts";
            case Number number -> number(number);
            default -> String.valueOf(value);
        };
    }

    private static String number(Number number) {
        double value = Double.parseDouble(String.valueOf(number));
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%d", (long) value)
                : String.valueOf(number);
    }
}
