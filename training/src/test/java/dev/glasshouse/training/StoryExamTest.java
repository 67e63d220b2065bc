package dev.glasshouse.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.stories.Question;
import dev.glasshouse.testkit.TinyModels;
import dev.glasshouse.training.StoryExam.Share;
import dev.glasshouse.weights.GlassException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exam's verdict; the exam of a trained model is part of the training test of the stories. */
class StoryExamTest {
    @TempDir
    private Path folder;

    @Test
    void aModelWithoutTheSpecialTokensIsRefused() {
        Path model = TinyModels.llama(folder.resolve("other.gguf"));
        assertThatThrownBy(() -> StoryExam.take(model, 1, 1, new StoryExam.Size(1, 1, 1), 1))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("<|user|>");
    }

    @Test
    void passesOnlyWhereEveryGoalIsReached() {
        assertThat(result(1.15, 90, 80, 99, 90).passed()).isTrue();
        assertThat(result(1.16, 90, 80, 99, 90).passed()).isFalse();
        assertThat(result(1.15, 89, 80, 99, 90).passed()).isFalse();
        assertThat(result(1.15, 90, 79, 99, 90).passed()).isFalse();
        assertThat(result(1.15, 90, 80, 98, 90).passed()).isFalse();
        assertThat(result(1.15, 90, 80, 99, 89).passed()).isFalse();
        // Nothing can need less than the entropy.
        assertThat(result(0.99, 90, 80, 99, 90).passed()).isFalse();
    }

    @Test
    void isWrittenAsTextAndAsJson() {
        StoryExamResult result = result(1.1, 95, 85, 100, 91);
        assertThat(result.lines())
                .anyMatch(line -> line.contains("10.0 % over"))
                .contains("passed");
        assertThat(result.json().get("over_entropy")).isNotNull();
        assertThat(result.json().bool("passed")).contains(true);
    }

    private static StoryExamResult result(double loss, int right, int consistent, int fresh, int names) {
        Map<String, Share> questions = new LinkedHashMap<>();
        for (String kind : Question.KINDS) {
            questions.put(kind, new Share(95, 100));
        }
        questions.put("where", new Share(right, 100));
        return new StoryExamResult(
                1,
                loss > 1 ? loss - 1e-9 : loss,
                1,
                questions,
                new Share(consistent, 100),
                new Share(fresh, 100),
                new Share(names, 100),
                List.of());
    }
}
