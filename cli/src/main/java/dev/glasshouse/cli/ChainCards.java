package dev.glasshouse.cli;

import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.sampling.DryBreakers;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.SamplerChain;
import dev.glasshouse.sampling.SamplerSettings;
import java.util.ArrayList;
import java.util.List;

/** The chain of stages that settings describe, one card a line: number, name, letter, values; what is switched off is faint. */
final class ChainCards {
    private static final int NAME = 14;

    private ChainCards() {}

    static List<String> lines(SamplerSettings settings, int vocabulary, Canvas canvas) {
        List<String> lines = new ArrayList<>();
        int number = 0;
        for (String marked :
                SamplerChain.of(settings, vocabulary, DryBreakers.NONE).names()) {
            boolean off = marked.startsWith("?");
            String name = off ? marked.substring(1) : marked;
            number++;
            StringBuilder values = new StringBuilder();
            int room = canvas.width() - 6 - NAME - 4;
            for (Parameter<?> parameter : parameters(name)) {
                String value = parameter.name() + " " + StageText.plain(settings.get(parameter));
                if (values.length() + value.length() + 2 > room) {
                    break;
                }
                values.append(values.isEmpty() ? "" : ", ").append(value);
            }
            String line = Columns.right(String.valueOf(number), 4) + "  "
                    + Columns.fit(off ? "(" + name + ")" : name, NAME, "") + (off ? "off  " : "     ") + values;
            lines.add(off ? canvas.paint(Role.FAINT, line) : line);
        }
        return lines;
    }

    private static List<Parameter<?>> parameters(String stage) {
        return switch (stage) {
            case "logit_bias" -> List.of(Parameter.LOGIT_BIAS);
            case "penalties" ->
                List.of(
                        Parameter.PENALTY_REPEAT,
                        Parameter.PENALTY_FREQUENCY,
                        Parameter.PENALTY_PRESENCE,
                        Parameter.PENALTY_LAST_N);
            case "dry" -> List.of(Parameter.DRY_MULTIPLIER, Parameter.DRY_BASE, Parameter.DRY_ALLOWED_LENGTH);
            case "top_n_sigma" -> List.of(Parameter.TOP_N_SIGMA);
            case "top_k" -> List.of(Parameter.TOP_K);
            case "typ_p" -> List.of(Parameter.TYPICAL_P);
            case "top_p" -> List.of(Parameter.TOP_P);
            case "min_p" -> List.of(Parameter.MIN_P);
            case "xtc" -> List.of(Parameter.XTC_PROBABILITY, Parameter.XTC_THRESHOLD);
            case "temperature" -> List.of(Parameter.TEMPERATURE, Parameter.DYNAMIC_TEMPERATURE_RANGE);
            case "mirostat", "mirostat_v2" -> List.of(Parameter.MIROSTAT_TAU, Parameter.MIROSTAT_ETA);
            case "adaptive_p" -> List.of(Parameter.ADAPTIVE_TARGET, Parameter.ADAPTIVE_DECAY);
            default -> List.of(Parameter.SEED);
        };
    }
}
