package dev.glasshouse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.Answer;
import dev.glasshouse.AskOptions;
import dev.glasshouse.Chat;
import dev.glasshouse.Event;
import dev.glasshouse.Model;
import dev.glasshouse.Session;
import dev.glasshouse.SessionListener;
import dev.glasshouse.chat.Message;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.GlassException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The glass box commands of the chat prompt, on the model that the program carries. */
class GlassBoxTest {
    private static final AskOptions OPTIONS =
            AskOptions.DEFAULT.with("seed", 11).with("temperature", 1.2);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            true,
            false,
            false,
            80,
            false);
    private Model model;
    private Chat chat;
    private Workbench bench;
    private GlassBox glass;

    @BeforeEach
    @SuppressWarnings("NullAway.Init")
    void open() {
        model = Model.open("tiny");
        chat = model.chat();
        bench = new Workbench(model, chat);
        glass = new GlassBox(console, model, bench);
    }

    @AfterEach
    void close() {
        bench.close();
        model.close();
    }

    private String ask(AskOptions options) {
        int[] tokens = new int[1];
        Answer answer = chat.ask("Once upon a time there was", bench.recorded(options), event -> {
            if (event instanceof Event.Token) {
                tokens[0]++;
            }
        });
        bench.answered(answer, tokens[0]);
        return answer.text();
    }

    private String printed() {
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
    }

    private void assertChatHoldsTheAnswer() {
        assertThat(chat.messages()).hasSize(2);
        Message last = chat.messages().getLast();
        assertThat(last.role()).isEqualTo("assistant");
        assertThat(last.text()).isEqualTo(bench.text());
    }

    @Test
    void steppingIsOneRun() {
        String whole = ask(OPTIONS.withMaxTokens(9));
        chat.clear();
        ask(OPTIONS.withMaxTokens(1));
        glass.step("8", OPTIONS);
        assertThat(bench.text()).isEqualTo(whole);
        assertChatHoldsTheAnswer();
        assertThat(model.engine().replay(bench.trace()).same()).isTrue();
        assertThat(printed()).contains("step 2").contains("step 9").contains("text   ");
    }

    @Test
    void aSeedChosenAtRandomIsGoneOnWith() {
        ask(AskOptions.DEFAULT.withMaxTokens(2));
        StepRecord foretold = bench.next(AskOptions.DEFAULT);
        Session.Node taken = bench.step(AskOptions.DEFAULT, OptionalInt.empty());
        assertThat(taken.token().id()).isEqualTo(foretold.id());
        assertThat(bench.trace().steps()).hasSize(3);
    }

    @Test
    void aBranchThatIsGoneOnWithGreedilyIsTheSameAnswer() {
        AskOptions greedy = AskOptions.DEFAULT.with("temperature", 0);
        String whole = ask(greedy.withMaxTokens(12));
        glass.branch(String.valueOf(bench.begin() + 4), greedy);
        assertThat(bench.path()).hasSize(bench.begin() + 4);
        assertChatHoldsTheAnswer();
        bench.go(greedy.withMaxTokens(8), SessionListener.NONE);
        assertThat(bench.text()).isEqualTo(whole);
        assertChatHoldsTheAnswer();
    }

    @Test
    void aPersonPicksFromTheListShownLast() {
        ask(OPTIONS.withMaxTokens(3));
        glass.probs("", OPTIONS);
        int second = bench.next(OPTIONS).top().get(1).id();
        glass.pick("2", OPTIONS);
        Session.Node head = bench.session().node(bench.head());
        assertThat(head.token().id()).isEqualTo(second);
        assertThat(head.by()).contains(PickedBy.USER);
        glass.pick("id:426", OPTIONS);
        assertThat(bench.session().node(bench.head()).token().id()).isEqualTo(426);
        glass.pick("\" little\"", OPTIONS);
        assertThat(bench.text()).endsWith(" little");
        assertChatHoldsTheAnswer();
        Trace trace = bench.trace();
        int pieces = model.tokenizer().encode(" little", false).length;
        assertThat(trace.steps()).hasSize(5 + pieces);
        assertThat(model.engine().replay(trace).same()).isTrue();
    }

    @Test
    void pickingFromTheListOfAStepReplacesItsToken() {
        ask(OPTIONS.withMaxTokens(3));
        int length = bench.path().size();
        glass.step("", OPTIONS);
        assertThat(bench.path()).hasSize(length + 1);
        glass.pick("5", OPTIONS);
        assertThat(bench.path()).hasSize(length + 1);
        assertThat(bench.session()
                        .children(bench.path().get(length - 1).number())
                        .size())
                .isBetween(1, 2);
    }

    @Test
    void theFirstTokenCanBeReplacedFromItsList() {
        ask(OPTIONS.withMaxTokens(1));
        glass.last();
        int third = bench.trace().steps().getFirst().sampling().top().get(2).id();
        glass.pick("3", OPTIONS);
        assertThat(bench.path()).hasSize(bench.begin() + 1);
        assertThat(bench.session().node(bench.head()).token().id()).isEqualTo(third);
        assertChatHoldsTheAnswer();
    }

    @Test
    void everyPictureFitsTheScreen() throws IOException {
        ask(OPTIONS.withMaxTokens(30));
        AskOptions changed = glass.sampler("order kpt", glass.sampler("top_k 7", OPTIONS));
        glass.sampler("", changed);
        glass.tokens(true);
        glass.probs("", changed);
        glass.probs(String.valueOf(bench.begin() + 3), changed);
        glass.probs("2", changed);
        glass.tree("");
        glass.lens("");
        glass.lens(String.valueOf(bench.begin() + 3));
        glass.why();
        glass.time("");
        glass.seed("", changed);
        assertThat(model.settings(glass.seed("5", changed)).toString()).contains("seed 5");
        Path file = folder.resolve("chat.json");
        glass.trace(file.toString());
        assertThat(model.engine().replay(TraceFile.read(file)).same()).isTrue();
        assertThat(Files.size(file)).isPositive();
        String printed = printed();
        assertThat(printed)
                .contains("next")
                .contains("likeliest")
                .contains("attention")
                .contains("perplexity");
        assertThat(printed.lines().filter(line -> Columns.of(line) > 80)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.contains(file.toString()) && Columns.of(line) > 80))
                .isEmpty();
    }

    @Test
    void mistakesAreSaidAndChangeNothing() {
        assertThatThrownBy(() -> glass.step("", OPTIONS))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("no answer yet");
        assertThatThrownBy(bench::trace).isInstanceOf(GlassException.class);
        String text = ask(OPTIONS.withMaxTokens(4));
        for (String wrong : new String[] {"99", "0", "id:-1", "id:99999", "id:x", "two", ""}) {
            assertThatThrownBy(() -> glass.pick(wrong, OPTIONS)).as(wrong).isInstanceOf(GlassException.class);
        }
        for (String wrong : new String[] {"0", "9999", "-3", "x"}) {
            assertThatThrownBy(() -> glass.branch(wrong, OPTIONS)).as(wrong).isInstanceOf(GlassException.class);
        }
        assertThatThrownBy(() -> glass.step("1000", OPTIONS)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> glass.sampler("top_k many", OPTIONS)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> glass.sampler("order q", OPTIONS)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> glass.seed("-7", OPTIONS)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> glass.trace("")).isInstanceOf(GlassException.class);
        assertThat(bench.text()).isEqualTo(text);
        assertChatHoldsTheAnswer();
    }
}
