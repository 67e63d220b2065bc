package dev.glasshouse.training;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.training.TrainingConfig.Checkpoints;
import dev.glasshouse.training.TrainingConfig.Evaluation;
import dev.glasshouse.training.TrainingConfig.Film;
import dev.glasshouse.training.TrainingConfig.Order;
import dev.glasshouse.training.TrainingConfig.Samples;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A {@link TrainingConfig} as JSON. */
final class ConfigJson {
    private ConfigJson() {}

    static Json.ObjectValue write(TrainingConfig config) {
        return Json.object()
                .put("model", model(config.model()))
                .put("length", config.length())
                .put("batch", config.batch())
                .put("steps", config.steps())
                .put("order", config.order().word())
                .put("optimizer", optimizer(config.optimizer()))
                .put(
                        "schedule",
                        Json.object()
                                .put("kind", config.schedule().kind().word())
                                .put("warmup", config.schedule().warmup())
                                .put("final_fraction", config.schedule().finalFraction())
                                .put("decay", config.schedule().decay())
                                .build())
                .put("clip", config.clip())
                .put("dropout", config.dropout())
                .put("seed", config.seed())
                .put("micro_batch", config.microBatch())
                .put("milestones", config.milestones())
                .put(
                        "evaluation",
                        Json.object()
                                .put("every", config.evaluation().every())
                                .put("tokens", config.evaluation().tokens())
                                .build())
                .put("samples", samples(config.samples()))
                .put(
                        "checkpoints",
                        Json.object()
                                .put("every", config.checkpoints().every())
                                .put("keep", config.checkpoints().keep())
                                .build())
                .put(
                        "film",
                        Json.object()
                                .put("moments", config.film().moments())
                                .put("prompt", config.film().prompt())
                                .put("tokens", config.film().tokens())
                                .build())
                .put("spike", config.spike())
                .build();
    }

    static Json.ObjectValue model(ModelPlan plan) {
        return Json.object()
                .put("architecture", plan.architecture())
                .put("vocabulary", plan.vocabulary())
                .put("context", plan.context())
                .put("width", plan.width())
                .put("layers", plan.layers())
                .put("heads", plan.heads())
                .put("kv_heads", plan.kvHeads())
                .put("head_size", plan.headSize())
                .put("mlp_width", plan.mlpWidth())
                .put("epsilon", plan.epsilon())
                .put("rope_theta", plan.ropeTheta())
                .put("tied", plan.tied())
                .put("biases", plan.biases())
                .build();
    }

    private static Json.ObjectValue optimizer(OptimizerConfig config) {
        return Json.object()
                .put("method", config.method().name().toLowerCase(Locale.ROOT))
                .put("rate", config.rate())
                .put("beta1", config.beta1())
                .put("beta2", config.beta2())
                .put("epsilon", config.epsilon())
                .put("decay", config.decay())
                .put("muon_rate", config.muonRate())
                .put("muon_momentum", config.muonMomentum())
                .put("muon_decay", config.muonDecay())
                .put("muon_steps", config.muonSteps())
                .build();
    }

    private static Json.ObjectValue samples(Samples samples) {
        return Json.object()
                .put("every", samples.every())
                .put("prompts", samples.prompts().stream().map(Json::of).toList())
                .put("tokens", samples.tokens())
                .put("temperature", samples.temperature())
                .put("seed", samples.seed())
                .build();
    }

    static TrainingConfig read(Json json) {
        Members keys = new Members("", json.asObject());
        TrainingConfigBuilder builder = TrainingConfig.builder(model(keys.object("model")));
        TrainingConfig defaults = builder.build();
        builder.length(keys.integer("length", defaults.length()))
                .batch(keys.integer("batch", defaults.batch()))
                .steps(keys.whole("steps", defaults.steps()))
                .order(keys.choice("order", Order.class, defaults.order()))
                .optimizer(optimizer(keys.object("optimizer"), defaults.optimizer()))
                .schedule(schedule(keys.object("schedule"), defaults.schedule()))
                .clip(keys.number("clip", defaults.clip()))
                .dropout(keys.number("dropout", defaults.dropout()))
                .seed(keys.whole("seed", defaults.seed()))
                .microBatch(keys.integer("micro_batch", defaults.microBatch()))
                .milestones(keys.integer("milestones", defaults.milestones()))
                .evaluation(evaluation(keys.object("evaluation"), defaults.evaluation()))
                .samples(samples(keys.object("samples"), defaults.samples()))
                .checkpoints(checkpoints(keys.object("checkpoints"), defaults.checkpoints()))
                .film(film(keys.object("film"), defaults.film()))
                .spike(keys.number("spike", defaults.spike()));
        keys.done();
        return builder.build();
    }

    static ModelPlan model(Members keys) {
        ModelPlan plan = new ModelPlan(
                keys.text("architecture"),
                keys.integer("vocabulary"),
                keys.integer("context"),
                keys.integer("width"),
                keys.integer("layers"),
                keys.integer("heads"),
                keys.integer("kv_heads"),
                keys.integer("head_size"),
                keys.integer("mlp_width"),
                keys.number("epsilon", 1e-5),
                keys.number("rope_theta", 10_000),
                keys.truth("tied", true),
                keys.truth("biases", true));
        keys.done();
        return plan;
    }

    private static OptimizerConfig optimizer(Members keys, OptimizerConfig defaults) {
        OptimizerConfig config = new OptimizerConfig(
                keys.choice("method", OptimizerConfig.Method.class, defaults.method()),
                keys.number("rate", defaults.rate()),
                keys.number("beta1", defaults.beta1()),
                keys.number("beta2", defaults.beta2()),
                keys.number("epsilon", defaults.epsilon()),
                keys.number("decay", defaults.decay()),
                keys.number("muon_rate", defaults.muonRate()),
                keys.number("muon_momentum", defaults.muonMomentum()),
                keys.number("muon_decay", defaults.muonDecay()),
                keys.integer("muon_steps", defaults.muonSteps()));
        keys.done();
        return config;
    }

    private static Schedule schedule(Members keys, Schedule defaults) {
        Schedule schedule = new Schedule(
                keys.choice("kind", Schedule.Kind.class, defaults.kind()),
                keys.whole("warmup", defaults.warmup()),
                keys.number("final_fraction", defaults.finalFraction()),
                keys.whole("decay", defaults.decay()));
        keys.done();
        return schedule;
    }

    private static Evaluation evaluation(Members keys, Evaluation defaults) {
        Evaluation evaluation =
                new Evaluation(keys.whole("every", defaults.every()), keys.whole("tokens", defaults.tokens()));
        keys.done();
        return evaluation;
    }

    private static Samples samples(Members keys, Samples defaults) {
        Samples samples = new Samples(
                keys.whole("every", defaults.every()),
                keys.texts("prompts", defaults.prompts()),
                keys.integer("tokens", defaults.tokens()),
                keys.number("temperature", defaults.temperature()),
                keys.whole("seed", defaults.seed()));
        keys.done();
        return samples;
    }

    private static Checkpoints checkpoints(Members keys, Checkpoints defaults) {
        Checkpoints checkpoints =
                new Checkpoints(keys.whole("every", defaults.every()), keys.integer("keep", defaults.keep()));
        keys.done();
        return checkpoints;
    }

    private static Film film(Members keys, Film defaults) {
        Film film = new Film(
                keys.integer("moments", defaults.moments()),
                keys.text("prompt", defaults.prompt()),
                keys.integer("tokens", defaults.tokens()));
        keys.done();
        return film;
    }

    /** What differs between two values, as {@code path: a, not b}; empty where nothing does. */
    static List<String> differences(Json.ObjectValue wanted, Json.ObjectValue found) {
        List<String> differences = new ArrayList<>();
        differences("", wanted, found, differences);
        return differences;
    }

    private static void differences(String path, Json wanted, Json found, List<String> into) {
        if (wanted instanceof Json.ObjectValue a && found instanceof Json.ObjectValue b) {
            List<String> names = new ArrayList<>(a.members().keySet());
            b.members().keySet().stream().filter(name -> !names.contains(name)).forEach(names::add);
            for (String name : names) {
                differences(
                        path.isEmpty() ? name : path + "." + name,
                        a.find(name).orElse(Json.ofNull()),
                        b.find(name).orElse(Json.ofNull()),
                        into);
            }
        } else if (!wanted.write().equals(found.write())) {
            into.add(path + " is " + found.write() + " instead of " + wanted.write());
        }
    }

    /** The members of an object, each to be asked for once; what nobody asked for is unknown. */
    static final class Members {
        private final String path;
        private final Json.ObjectValue json;
        private final List<String> asked = new ArrayList<>();

        Members(String path, Json.ObjectValue json) {
            this.path = path;
            this.json = json;
        }

        private String full(String name) {
            return path.isEmpty() ? name : path + "." + name;
        }

        private <T> T read(String name, Function<Json, T> reader, Optional<T> fallback) {
            asked.add(name);
            Optional<Json> value = json.find(name);
            if (value.isEmpty()) {
                return fallback.orElseThrow(
                        () -> new GlassException("The training's configuration does not say " + full(name) + "."));
            }
            try {
                return reader.apply(value.get());
            } catch (GlassException e) {
                throw new GlassException("The training's " + full(name) + " is wrong: " + e.getMessage(), e);
            }
        }

        Members object(String name) {
            Json.ObjectValue empty = Json.object().build();
            return new Members(full(name), read(name, Json::asObject, Optional.of(empty)));
        }

        String text(String name) {
            return read(name, Json::asString, Optional.empty());
        }

        String text(String name, String fallback) {
            return read(name, Json::asString, Optional.of(fallback));
        }

        int integer(String name) {
            return read(name, Json::asInt, Optional.empty());
        }

        int integer(String name, int fallback) {
            return read(name, Json::asInt, Optional.of(fallback));
        }

        long whole(String name, long fallback) {
            return read(name, Json::asLong, Optional.of(fallback));
        }

        double number(String name, double fallback) {
            return read(name, Json::asDouble, Optional.of(fallback));
        }

        boolean truth(String name, boolean fallback) {
            return read(name, Json::asBoolean, Optional.of(fallback));
        }

        List<String> texts(String name, List<String> fallback) {
            return read(
                    name, value -> value.asArray().stream().map(Json::asString).toList(), Optional.of(fallback));
        }

        <E extends Enum<E>> E choice(String name, Class<E> type, E fallback) {
            String word = text(name, fallback.name());
            for (E value : type.getEnumConstants()) {
                if (value.name().toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))) {
                    return value;
                }
            }
            throw new GlassException("The training's " + full(name) + " cannot be \"" + word + "\"; choose one of "
                    + String.join(
                            ", ",
                            Arrays.stream(type.getEnumConstants())
                                    .map(value -> value.name().toLowerCase(Locale.ROOT))
                                    .toList())
                    + ".");
        }

        void done() {
            for (Map.Entry<String, Json> member : json.members().entrySet()) {
                if (!asked.contains(member.getKey())) {
                    throw new GlassException(
                            "The training's configuration has an unknown key " + full(member.getKey()) + ".");
                }
            }
        }
    }
}
