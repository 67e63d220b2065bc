package dev.glasshouse.engine;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The small trained model of the tests, in several types. */
final class Stories {
    static final String F32 = "stories260K.gguf";
    static final String Q8_0 = "stories260K-Q8_0.gguf";
    static final String Q4_0 = "stories260K-Q4_0.gguf";

    private Stories() {}

    static Path path(String name) {
        URL url = Stories.class.getResource("/oracle/" + name);
        if (url == null) {
            throw new IllegalStateException(name);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(String name) {
        try {
            return Files.readString(path(name), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Two threads, exact cache. */
    static EngineOptions options() {
        return EngineOptions.defaults().withThreads(2).withKv(KvType.F32);
    }

    static Engine open(String name) {
        return Engine.open(path(name), options());
    }

    static int[] greedyIds() {
        return Json.parse(text("greedy-ids.json")).asArray().stream()
                .mapToInt(Json::asInt)
                .toArray();
    }

    static List<Json.ObjectValue> lines(String name) {
        return text(name).lines().map(line -> Json.parse(line).asObject()).toList();
    }

    static SamplerSettings greedy() {
        return settings(Map.of("temperature", 0));
    }

    static SamplerSettings settings(Map<String, ?> values) {
        return SamplerSettings.builtIn().with(values);
    }

    static int[] ids(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    static int[] firstIds(int count) {
        return Arrays.copyOf(greedyIds(), count);
    }
}
