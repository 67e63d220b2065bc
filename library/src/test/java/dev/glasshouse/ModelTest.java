package dev.glasshouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.Origin;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The facade on the model that the program carries. */
class ModelTest {
    private static final AskOptions GREEDY =
            AskOptions.DEFAULT.with("temperature", 0).withMaxTokens(24);

    private static Model model;

    @BeforeAll
    static void open() {
        model = Model.open("tiny");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void completesATextAndTellsEveryToken() {
        List<Integer> ids = new ArrayList<>();
        List<List<Candidate>> candidates = new ArrayList<>();
        StringBuilder told = new StringBuilder();
        Answer answer = model.complete("Once upon a time", GREEDY, event -> {
            switch (event) {
                case Event.Token token -> {
                    ids.add(token.id());
                    candidates.add(token.candidates(3));
                }
                case Event.Text text -> told.append(text.text());
                default -> {}
            }
        });
        assertThat(answer.text()).isNotBlank().isEqualTo(told.toString());
        assertThat(answer.finish()).isEqualTo(FinishReason.MAX_TOKENS);
        assertThat(ids).hasSize(24);
        for (int i = 0; i < ids.size(); i++) {
            assertThat(candidates.get(i)).hasSize(3);
            assertThat(candidates.get(i).getFirst().id())
                    .as("greedy takes the likeliest")
                    .isEqualTo(ids.get(i));
        }
    }

    @Test
    void sameSeedSameAnswer() {
        AskOptions seeded =
                AskOptions.DEFAULT.with("seed", 7).with("temperature", 1.2).withMaxTokens(40);
        String first = model.complete("Once upon a time", seeded, event -> {}).text();
        assertThat(model.complete("Once upon a time", seeded, event -> {}).text())
                .isEqualTo(first);
        assertThat(model.complete("Once upon a time", seeded.with("seed", 8), event -> {})
                        .text())
                .isNotEqualTo(first);
    }

    @Test
    void settingsKnowWhereTheyCameFrom() {
        var settings = model.settings(AskOptions.DEFAULT.with("top_k", 5));
        assertThat(settings.setting(Parameter.TOP_K).origin()).isEqualTo(Origin.USER);
        assertThat(settings.setting(Parameter.MIROSTAT).origin()).isEqualTo(Origin.BUILT_IN);
    }

    @Test
    void aChatRemembersAndDropsTheOldestTurnsWhenTheContextIsFull() {
        try (Model small = Model.open("tiny", ModelOptions.DEFAULT.withContext(64))) {
            Chat chat = small.chat().system("S.");
            List<Event.TurnsDropped> dropped = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                chat.ask("Tell me of the cat and the dog.", GREEDY, event -> {
                    if (event instanceof Event.TurnsDropped turns) {
                        dropped.add(turns);
                    }
                });
            }
            assertThat(dropped).isNotEmpty();
            assertThat(chat.messages().getFirst().role()).isEqualTo("system");
            assertThat(chat.messages().size()).isLessThan(13);
        }
    }

    @Test
    void aMessageLongerThanTheContextIsAnErrorAndIsTakenBack() {
        try (Model small = Model.open("tiny", ModelOptions.DEFAULT.withContext(32))) {
            Chat chat = small.chat();
            assertThatThrownBy(() -> chat.ask("a b c d e f g h ".repeat(20)))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("32");
            assertThat(chat.messages()).isEmpty();
        }
    }

    @Test
    void anAnswerCanBeStoppedFromAnotherPlace() {
        List<Integer> ids = new ArrayList<>();
        Answer answer = model.complete("Once", AskOptions.DEFAULT.with("seed", 1), event -> {
            if (event instanceof Event.Token token) {
                ids.add(token.id());
                if (ids.size() == 5) {
                    model.cancel();
                }
            }
        });
        assertThat(answer.finish()).isEqualTo(FinishReason.CANCELLED);
        assertThat(ids).hasSize(5);
    }

    @Test
    void threadsTakeTurnsAndGetTheirOwnAnswers() throws Exception {
        String expected =
                model.complete("Once upon a time", GREEDY, event -> {}).text();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                calls.add(() ->
                        model.complete("Once upon a time", GREEDY, event -> {}).text());
            }
            for (Future<String> result : pool.invokeAll(calls)) {
                assertThat(result.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void aTextCanBeScored() {
        assertThat(model.score("Once upon a time, there was a piglet called Oga.")
                        .perplexity())
                .isLessThan(model.score("piglet a time, called upon was Once there Oga.")
                        .perplexity());
    }

    @Test
    void mistakesAreSaidClearly() {
        assertThatThrownBy(() -> Model.open("smolm2"))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("smollm2");
        assertThatThrownBy(() -> model.complete("a", AskOptions.DEFAULT.with("top_q", 1), event -> {}))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("top_q");
        assertThatThrownBy(() -> model.complete("a", AskOptions.DEFAULT.with("top_p", "much"), event -> {}))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("top_p");
        assertThatThrownBy(() -> model.complete(new int[] {1, 99_999}, GREEDY, event -> {}))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("99999");
    }
}
