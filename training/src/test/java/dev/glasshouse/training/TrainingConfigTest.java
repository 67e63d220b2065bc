package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations as JSON, and the schedules. */
class TrainingConfigTest {
    @Test
    void everyPresetReadsBack() {
        for (TrainingConfig config : List.of(Presets.character(65), Presets.story(1024), Presets.nanoGpt(65))) {
            String text = config.toJson().write();
            assertThat(TrainingConfig.parse(Json.parse(text))).isEqualTo(config);
            assertThat(TrainingConfig.parse(Json.parse(text)).toJson().write()).isEqualTo(text);
        }
    }

    @Test
    void defaultsAreWrittenOut() {
        Json.ObjectValue model = Json.object()
                .put("model", ConfigJson.model(Presets.story(1024).model()))
                .build();
        TrainingConfig config = TrainingConfig.parse(model);
        assertThat(config).isEqualTo(TrainingConfig.builder(config.model()).build());
        assertThat(config.toJson().members().keySet()).hasSize(17);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"batch\":32 | \"batch\":0 | training's batch is 0",
                "\"batch\":32 | \"batsh\":32 | unknown key batsh",
                "\"kind\":\"cosine\" | \"kind\":\"cosinus\" | cannot be \"cosinus\"; choose one of cosine, linear, constant, wsd",
                "\"length\":128 | \"length\":257 | it must be from 1 to 256",
                "\"kv_heads\":4 | \"kv_heads\":3 | cannot have 4 heads and 3 key-value heads",
                "\"layers\":4 | \"layers\":16000000 | at most 4096",
                "\"epsilon\":1e-08 | \"epsilon\":1e-50 | must be above 0 in F32",
                "\"clip\":1.0 | \"clip\":\"one\" | training's clip is wrong",
                "\"architecture\":\"llama\" | \"architecture\":\"gemma3\" | architecture gemma3 cannot be trained",
                "\"warmup\":50 | \"warmup\":5000 | the training only 1500",
            })
    void saysWhatIsWrong(String right, String wrong, String message) {
        String text = Presets.character(65).toJson().write();
        assertThat(text).contains(right);
        assertThatThrownBy(() -> TrainingConfig.parse(Json.parse(text.replace(right, wrong))))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining(message);
    }

    /** Values of nanoGPT's get_lr, to the last digits of a double. */
    @Test
    void schedules() {
        Schedule cosine = Schedule.cosine(100);
        assertThat(cosine.factor(0, 2000)).isEqualTo(1 / 101.0);
        assertThat(cosine.factor(99, 2000)).isEqualTo(100 / 101.0);
        assertThat(cosine.factor(100, 2000)).isEqualTo(1);
        assertThat(cosine.factor(1050, 2000)).isCloseTo(0.55, within(1e-15));
        assertThat(cosine.factor(2000, 2000)).isCloseTo(0.1, within(1e-15));
        Schedule wsd = new Schedule(Schedule.Kind.WSD, 10, 0, 50);
        assertThat(wsd.factor(150, 200)).isEqualTo(1);
        assertThat(wsd.factor(175, 200)).isEqualTo(0.5);
        Schedule linear = new Schedule(Schedule.Kind.LINEAR, 0, 0.2, 0);
        assertThat(linear.factor(50, 100)).isCloseTo(0.6, within(1e-15));
        assertThat(new Schedule(Schedule.Kind.CONSTANT, 0, 1, 0).factor(77, 100))
                .isEqualTo(1);
    }

    @Test
    void milestonesAndFilm() {
        assertThat(Milestone.steps(60, 20))
                .startsWith(0L, 1L, 2L, 3L, 6L)
                .endsWith(60L)
                .hasSize(23);
        assertThat(Milestone.steps(3, 20)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(FilmStrip.moments(1280, 8)).containsExactly(0L, 20L, 40L, 80L, 160L, 320L, 640L, 1280L);
        assertThat(FilmStrip.moments(3, 8)).containsExactly(0L, 1L, 3L);
        assertThat(FilmStrip.moments(100, 1)).containsExactly(100L);
        assertThat(FilmStrip.moments(100, 0)).isEmpty();
    }
}
