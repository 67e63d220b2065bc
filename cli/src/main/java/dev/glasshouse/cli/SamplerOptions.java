package dev.glasshouse.cli;

import dev.glasshouse.sampling.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every sampler setting as an option of its own: {@code top_k} is {@code --top-k}. */
final class SamplerOptions {
    private SamplerOptions() {}

    static void addTo(CommandSpec command) {
        ArgGroupSpec.Builder group = ArgGroupSpec.builder()
                .exclusive(false)
                .multiplicity("0..1")
                .heading("%nSampler (built-in values in brackets; the model's files and the catalogue may%n"
                        + "say otherwise, and what you say wins: '/show parameters' tells):%n");
        for (Parameter<?> parameter : Parameter.all()) {
            group.addArg(OptionSpec.builder(dashed(parameter))
                    .type(String.class)
                    .paramLabel("VALUE")
                    .hideParamSyntax(true)
                    .description(parameter.description()
                            + (parameter.builtIn() instanceof Number number ? " (" + number + ")" : ""))
                    .build());
        }
        command.addArgGroup(group.build());
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
