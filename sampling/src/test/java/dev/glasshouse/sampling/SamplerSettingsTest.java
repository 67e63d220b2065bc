package dev.glasshouse.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerSettingsTest {
    @Test
    void theStrongestOriginWins() {
        SamplerSettings settings = SamplerSettings.merge(List.of(
                SettingsSource.catalogue(Map.of("top_k", 10, "top_p", 0.5, "min_p", 0.1)),
                SettingsSource.gguf(
                        Map.of("general.sampling.top_k", 20, "general.sampling.temp", 0.6f, "general.name", "x")),
                SettingsSource.generationConfig(Map.of("temperature", 0.1, "top_p", 0.7, "eos_token_id", 2)),
                SettingsSource.user(Map.of("top_k", "30"))));
        assertThat(settings.setting(Parameter.TOP_K)).isEqualTo(new Setting<>(Parameter.TOP_K, 30, Origin.USER));
        assertThat(settings.setting(Parameter.TEMPERATURE))
                .isEqualTo(new Setting<>(Parameter.TEMPERATURE, 0.6f, Origin.MODEL_FILE));
        assertThat(settings.setting(Parameter.TOP_P))
                .isEqualTo(new Setting<>(Parameter.TOP_P, 0.7f, Origin.MODEL_FILE));
        assertThat(settings.setting(Parameter.MIN_P)).isEqualTo(new Setting<>(Parameter.MIN_P, 0.1f, Origin.CATALOGUE));
        assertThat(settings.setting(Parameter.SEED)).isEqualTo(new Setting<>(Parameter.SEED, -1L, Origin.BUILT_IN));
        assertThat(settings.notes()).isEmpty();
        assertThat(settings.all()).hasSize(Parameter.all().size());
    }

    @Test
    void wrongHintsOfAModelAreLeftOutAndSaid() {
        SamplerSettings settings = SamplerSettings.merge(List.of(SettingsSource.gguf(Map.of(
                "general.sampling.temp",
                Float.NaN,
                "general.sampling.magic",
                3,
                "general.sampling.top_k",
                List.of(1)))));
        assertThat(settings.get(Parameter.TEMPERATURE)).isEqualTo(0.8f);
        assertThat(settings.get(Parameter.TOP_K)).isEqualTo(40);
        assertThat(settings.notes())
                .hasSize(3)
                .anyMatch(note -> note.contains("general.sampling.temp") && note.contains("NaN"))
                .anyMatch(note -> note.contains("general.sampling.magic"));
    }

    @Test
    void noSamplingInAGenerationConfigMeansGreedy() {
        SamplerSettings settings = SamplerSettings.merge(
                List.of(SettingsSource.generationConfig(Map.of("do_sample", false, "temperature", 0.7))));
        assertThat(settings.greedy()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "temperature=NaN",
                "temperature=Infinity",
                "temperature=hot",
                "temperature=101",
                "temperature=1e999999999",
                "top_p=1.01",
                "top_p=-0.1",
                "min_p=2",
                "top_k=1.5",
                "top_k=99999999999",
                "top_k=",
                "mirostat=3",
                "seed=4294967296",
                "seed=-2",
                "repeat_penalty=0",
                "repeat_last_n=-1",
                "samplers=top_k;top_q",
                "samplers=kk",
                "logit_bias=5",
                "nonsense=1"
            })
    void wrongValuesAreSaid(String pair) {
        String name = pair.substring(0, pair.indexOf('='));
        assertThatThrownBy(() -> SettingsSource.user(Map.of(name, pair.substring(pair.indexOf('=') + 1))))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining(name);
    }

    @Test
    void messagesSayWhatIsExpected() {
        assertThatThrownBy(() -> SettingsSource.user(Map.of("top_p", 1.5)))
                .hasMessage("The sampler setting top_p must be a number from 0 to 1, not \"1.5\".");
        assertThatThrownBy(() -> SamplerSettings.builtIn().with(Map.of("logit_bias", Map.of("a", 1))))
                .hasMessageContaining("token ids");
        assertThatThrownBy(() -> StageKind.parseOrder("q")).hasMessageContaining("top_k (k)");
    }

    @Test
    void ordersHaveManySpellings() {
        List<StageKind> expected = List.of(StageKind.TOP_K, StageKind.TYPICAL_P, StageKind.TEMPERATURE);
        for (Object order : List.of(
                "kyt",
                "top_k;typ_p;temperature",
                "top-k, TYPICAL, temp",
                List.of("topk", "typical_p", "temperature"))) {
            assertThat(Parameter.SAMPLERS.read(order)).isEqualTo(expected);
        }
        assertThat(Parameter.SAMPLERS.read("edskypmxt")).isEqualTo(StageKind.defaultOrder());
        assertThat(Parameter.SAMPLERS.read("")).isEmpty();
        assertThat(Parameter.SAMPLERS.read("xtc")).containsExactly(StageKind.XTC);
    }

    @Test
    void everyBuiltInValueIsOneThatTheParameterTakes() {
        for (Parameter<?> parameter : Parameter.all()) {
            assertThat((Object) parameter.read(parameter.builtIn())).isEqualTo(parameter.builtIn());
            assertThat(Parameter.find(parameter.name())).contains(parameter);
        }
    }
}
