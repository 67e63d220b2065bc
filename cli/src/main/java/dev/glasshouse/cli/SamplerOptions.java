package dev.glasshouse.cli;

import dev.glasshouse.sampling.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every sampler setting as an option of its own: {@code top_k} is {@code --top-k} (and {@code --top_k}). */
final class SamplerOptions {
    private SamplerOptions() {}

    static void addTo(CommandSpec command) {
        for (Parameter<?> parameter : Parameter.all()) {
            String dashed = dashed(parameter);
            OptionSpec.Builder option = dashed.equals("--" + parameter.name())
                    ? OptionSpec.builder(dashed)
                    : OptionSpec.builder(dashed, "--" + parameter.name());
            command.addOption(option.type(String.class)
                    .paramLabel("VALUE")
                    .hideParamSyntax(true)
                    .description(parameter.description()
                            + (parameter.builtIn() instanceof Number number ? " (" + number + ")" : ""))
                    .build());
        }
    }

    /** What the user said, by parameter names, unread. */
    static Map<String, String> values(CommandSpec command) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Parameter<?> parameter : Parameter.all()) {
            Optional.ofNullable(command.findOption(dashed(parameter)).<String>getValue())
                    .ifPresent(value -> values.put(parameter.name(), value));
        }
        return values;
    }

    private static String dashed(Parameter<?> parameter) {
        return "--" + parameter.name().replace('_', '-');
    }
}
