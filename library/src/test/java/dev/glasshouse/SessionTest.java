package dev.glasshouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.Draws;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.LensRow;
import dev.glasshouse.engine.Look;
import dev.glasshouse.engine.ReplayReport;
import dev.glasshouse.engine.TokenTree;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.engine.View;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions on the model of the program itself. */
class SessionTest {
    private static final AskOptions OPTIONS = AskOptions.DEFAULT
            .with("seed", 11)
            .with("temperature", 1.1)
            .with("repeat_penalty", 1.1)
            .withIgnoreEnd(true)
            .withTrace(6);

    private static Model model;

    @BeforeAll
    static void open() {
        model = Model.open("tiny");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static int[] text() {
        return model.tokenizer().encode("Once upon a time, there was a little dog", false);
    }

    private static Session.Result generate(Session session, int from, AskOptions options) {
        return session.generate(from, options, SessionListener.NONE, new Cancellation());
    }

    private static List<Object> bits(Trace.Step step) {
        return List.of(step.position(), step.token(), step.text(), step.sampling(), step.cacheUsed());
    }

    private static List<List<Object>> bits(Trace trace) {
        return trace.steps().stream().map(SessionTest::bits).toList();
    }

    @Test
    void oneAtATimeIsTheWhole() {
        try (Session whole = model.session();
                Session steps = model.session()) {
            Session.Result result = generate(whole, whole.prompt(text()), OPTIONS.withMaxTokens(20));
            assertThat(result.finish()).isEqualTo(FinishReason.MAX_TOKENS);
            assertThat(result.timings().generatedTokens()).isEqualTo(20);
            int at = steps.prompt(text());
            for (int i = 0; i < 20; i++) {
                StepRecord next = steps.candidates(at, OPTIONS);
                Session.Node node = steps.step(at, OPTIONS, OptionalInt.empty());
                assertThat(node.step().orElseThrow().sampling()).isEqualTo(next);
                assertThat(node.parent()).isEqualTo(at);
                at = node.number();
                if (i % 7 == 3) {
                    steps.release();
                    steps.tree(at, 2, 2, new Cancellation());
                }
            }
            assertThat(steps.head()).isEqualTo(at);
            assertThat(steps.ids(at)).isEqualTo(whole.ids(result.head()));
            Trace one = whole.trace(result.head());
            Trace other = steps.trace(at);
            assertThat(bits(other)).isEqualTo(bits(one));
            assertThat(other.text()).isEqualTo(one.text()).isEqualTo(result.text());
            assertThat(other.settings()).isEqualTo(one.settings());
            assertThat(other.tokens()).isEqualTo(one.tokens());
        }
    }

    @Test
    void goesOnWhereItPausedAndTellsItsText() {
        try (Session session = model.session()) {
            int from = session.prompt(text());
            StringBuilder heard = new StringBuilder();
            List<Integer> numbers = new ArrayList<>();
            SessionListener listener = new SessionListener() {
                @Override
                public void step(Session.Node node) {
                    numbers.add(node.number());
                }

                @Override
                public void text(String delta, boolean reasoning) {
                    heard.append(delta);
                }
            };
            Session.Result first = session.generate(from, OPTIONS.withMaxTokens(9), listener, new Cancellation());
            Session.Result second =
                    session.generate(first.head(), OPTIONS.withMaxTokens(11), listener, new Cancellation());
            assertThat(numbers).hasSize(20).last().isEqualTo(second.head());
            Trace trace = session.trace(second.head());
            assertThat(trace.steps()).hasSize(20);
            assertThat(trace.text()).startsWith(heard.toString());
            assertThat(first.text() + second.text()).isEqualTo(trace.text());
            assertThat(session.trace(first.head()).steps()).hasSize(9);
            // With other settings, or from another token, a new run begins.
            Session.Result other = generate(session, first.head(), OPTIONS.withMaxTokens(2));
            assertThat(session.trace(other.head()).steps()).hasSize(2);
            assertThat(session.children(first.head())).hasSize(2);
        }
    }

    @Test
    void aBranchEqualsAFreshRunWithThatPrefix() {
        try (Session session = model.session();
                Session fresh = model.session()) {
            Session.Result trunk = generate(session, session.prompt(text()), OPTIONS.withMaxTokens(12));
            int fork = session.path(trunk.head()).get(text().length + 4).number();
            Session.Result branch =
                    generate(session, fork, OPTIONS.with("seed", 5).withMaxTokens(10));
            Session.Result again = generate(
                    fresh,
                    fresh.prompt(session.ids(fork)),
                    OPTIONS.with("seed", 5).withMaxTokens(10));
            assertThat(session.ids(branch.head())).isEqualTo(fresh.ids(again.head()));
            assertThat(bits(session.trace(branch.head()))).isEqualTo(bits(fresh.trace(again.head())));
        }
    }

    @Test
    void picksAreTakenAndReplayOnOtherMachinesToo() {
        try (Session session = model.session()) {
            int from = session.prompt(text());
            Session.Node first = session.step(from, OPTIONS, OptionalInt.empty());
            int second =
                    session.candidates(first.number(), OPTIONS).top().get(2).id();
            Session.Node picked = session.step(first.number(), OPTIONS, OptionalInt.of(second));
            assertThat(picked.token().id()).isEqualTo(second);
            assertThat(picked.by()).hasValue(PickedBy.USER);
            Session.Result rest = generate(session, picked.number(), OPTIONS.withMaxTokens(8));
            Trace trace = Trace.fromJson(
                    Json.parse(session.trace(rest.head()).toJson().write()));
            assertThat(trace.steps()).hasSize(10);
            assertThat(model.engine().replay(trace).message()).contains("same to the bit");
            for (ModelOptions options :
                    List.of(ModelOptions.DEFAULT.withThreads(1), ModelOptions.DEFAULT.withScalarKernels())) {
                try (Model other = Model.open("tiny", options);
                        Session loaded = other.session(trace)) {
                    assertThat(other.engine().replay(trace).same()).isTrue();
                    assertThat(loaded.ids(loaded.head())).isEqualTo(session.ids(rest.head()));
                    assertThat(loaded.candidates(loaded.head(), OPTIONS.with("seed", 3)))
                            .isEqualTo(session.candidates(rest.head(), OPTIONS.with("seed", 3)));
                    assertThat(bits(loaded.trace(loaded.head()))).isEqualTo(bits(trace));
                }
            }
        }
    }

    @Test
    void recordingMoreOrLessChangesNoToken() {
        int[] plain = new int[0];
        for (int top : new int[] {0, 3, 200}) {
            try (Session session = model.session()) {
                Session.Result result = generate(
                        session, session.prompt(text()), OPTIONS.withTrace(top).withMaxTokens(15));
                int[] ids = session.ids(result.head());
                assertThat(plain.length == 0 || Arrays.equals(plain, ids)).isTrue();
                plain = ids;
            }
        }
        List<Integer> unrecorded = new ArrayList<>();
        AskOptions off =
                new AskOptions(OPTIONS.settings(), OptionalInt.of(15), List.of(), true, true, OptionalInt.empty());
        model.complete(text(), off, event -> {
            if (event instanceof Event.Token token) {
                unrecorded.add(token.id());
            }
        });
        assertThat(Arrays.stream(plain).skip(text().length).boxed().toList()).isEqualTo(unrecorded);
    }

    @Test
    void scoresAreTheBitsThatWereRecorded() {
        try (Session session = model.session()) {
            Session.Result result = generate(session, session.prompt(text()), OPTIONS.withMaxTokens(15));
            List<Session.Scored> scored = session.score(result.head());
            assertThat(scored).hasSize(text().length - 1 + 15);
            for (Session.Scored each : scored.subList(text().length - 1, scored.size())) {
                StepRecord step = session.node(each.node()).step().orElseThrow().sampling();
                assertThat(each.logProbability()).isEqualTo(StrictMath.log(step.probability()));
                assertThat(each.entropyBits()).isEqualTo(step.entropy());
                assertThat(each.rank()).isEqualTo(step.rank());
            }
        }
    }

    @Test
    void treesAddUpAndAgreeWithTheRecord() {
        try (Session session = model.session()) {
            int node = session.prompt(text());
            TokenTree tree = session.tree(node, 3, 4, new Cancellation());
            assertThat(tree.size()).isEqualTo(3 + 9 + 27 + 81);
            check(tree);
            StepRecord record = session.candidates(node, OPTIONS);
            for (int i = 0; i < 3; i++) {
                Candidate candidate = record.top().get(i);
                TokenTree child = tree.children().get(i);
                assertThat(child.id()).isEqualTo(candidate.id());
                assertThat(child.probability()).isEqualTo(candidate.probability());
                int next = session.append(node, new int[] {child.id()});
                assertThat(child.children().stream().map(TokenTree::probability).toList())
                        .isEqualTo(session.candidates(next, OPTIONS).top().stream()
                                .limit(3)
                                .map(Candidate::probability)
                                .toList());
            }
            for (int[] bad : new int[][] {{0, 1}, {17, 1}, {1, 0}, {1, 9}, {8, 3}, {16, 8}}) {
                assertThatThrownBy(() -> session.tree(node, bad[0], bad[1], new Cancellation()))
                        .isInstanceOf(GlassException.class);
            }
        }
    }

    private static void check(TokenTree tree) {
        if (tree.children().isEmpty()) {
            return;
        }
        double sum =
                tree.children().stream().mapToDouble(TokenTree::probability).sum();
        // F64 sums of at most a few hundred terms
        assertThat(sum + tree.tail()).isCloseTo(1, within(1e-12));
        for (TokenTree child : tree.children()) {
            assertThat(child.pathProbability()).isEqualTo(tree.pathProbability() * child.probability());
            check(child);
        }
    }

    @Test
    void looksAgreeWithTheRecordAndLeaveNoMark() {
        try (Session session = model.session()) {
            int node = session.prompt(text());
            StepRecord before = session.candidates(node, OPTIONS);
            long cached = model.engine().cacheBytes();
            Look look = Look.NOTHING.withLens(6).withHeads(new Look.Head(0, 0)).withTimes();
            View view = session.look(node, look, new Cancellation());
            assertThat(model.engine().cacheBytes()).isEqualTo(cached);
            assertThat(view.lens()).hasSize(model.engineFacts().spec().depth() + 1);
            LensRow last = view.lens().getLast();
            assertThat(last.top()).isEqualTo(before.top());
            assertThat(last.entropyBits()).isEqualTo(before.entropy());
            assertThat(last.target()).isEqualTo(before.top().getFirst().id());
            assertThat(last.targetRank()).isEqualTo(1);
            float[] weights = view.attention().getFirst().weights();
            double sum = 0;
            for (float weight : weights) {
                sum += weight;
            }
            assertThat(weights).hasSize(text().length);
            // F32 weights, one rounding each
            assertThat(sum).isCloseTo(1, within(1e-5));
            assertThat(view.times().orElseThrow().totalNanos()).isPositive();
            assertThatThrownBy(
                            () -> session.look(node, Look.NOTHING.withHeads(new Look.Head(99, 0)), new Cancellation()))
                    .isInstanceOf(GlassException.class);
            assertThatThrownBy(() -> session.look(node, Look.NOTHING.withTarget(-1), new Cancellation()))
                    .isInstanceOf(GlassException.class);
        }
    }

    @Test
    void tracesNameTheLicence() {
        try (Session session = model.session()) {
            int head = generate(session, session.prompt(text()), OPTIONS.withMaxTokens(1))
                    .head();
            assertThat(session.trace(head).model().licence()).isEqualTo("apache-2.0");
        }
    }

    @Test
    void looksDoNotWaitForTheGenerationInProgress() {
        try (Session session = model.session()) {
            int from = session.prompt(text());
            StepRecord before = session.candidates(from, OPTIONS);
            Draws drawn = session.draws(from, OPTIONS, 50);
            List<StepRecord> during = new ArrayList<>();
            generate(session, from, OPTIONS.withMaxTokens(3), new SessionListener() {
                @Override
                public void step(Session.Node node) {
                    // Answered before the generation can go on: it waits here.
                    during.add(elsewhere(() -> session.candidates(from, OPTIONS)));
                    assertThat(elsewhere(() -> session.draws(from, OPTIONS, 50)))
                            .isEqualTo(drawn);
                    assertThat(elsewhere(() -> session.score(node.number())))
                            .hasSize(session.path(node.number()).size() - 1);
                    assertThat(elsewhere(() -> session.tree(from, 2, 2, new Cancellation()))
                                    .children())
                            .hasSize(2);
                }
            });
            assertThat(during).containsExactly(before, before, before);
        }
    }

    private static <T> T elsewhere(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work)
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private static Session.Result generate(Session session, int from, AskOptions options, SessionListener listener) {
        return session.generate(from, options, listener, new Cancellation());
    }

    @Test
    void drawsBeginWithWhatAFreshRunDraws() {
        try (Session session = model.session()) {
            int node = session.prompt(text());
            Draws draws = session.draws(node, OPTIONS, 500);
            assertThat(draws.seed()).isEqualTo(11);
            assertThat(draws.first()).hasSize(100);
            assertThat(draws.counts().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(500);
            Session.Node step = session.step(node, OPTIONS, OptionalInt.empty());
            assertThat(draws.first().getFirst().id()).isEqualTo(step.token().id());
            assertThat(draws.first().getFirst().u())
                    .isEqualTo(step.step()
                            .orElseThrow()
                            .sampling()
                            .draws()
                            .getLast()
                            .u());
        }
    }

    @Test
    void promptsShareTheirBeginnings() {
        try (Session session = model.session()) {
            int one = session.prompt(new int[] {1, 300, 301});
            int two = session.prompt(new int[] {1, 300, 302});
            assertThat(session.nodes()).hasSize(4);
            assertThat(session.node(one).parent()).isEqualTo(session.node(two).parent());
            assertThat(session.node(one).by()).isEmpty();
            assertThat(session.prompt(new int[] {1, 300, 301})).isEqualTo(one);
            int more = session.append(two, new int[] {303});
            assertThat(session.node(more).by()).hasValue(PickedBy.USER);
            assertThat(session.ids(more)).containsExactly(1, 300, 302, 303);
            assertThat(session.children(Session.ROOT)).hasSize(1);
            assertThat(session.bytes()).isPositive();
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        Session session = model.session();
        assertThatThrownBy(() -> session.node(7)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> session.node(-1)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> session.prompt(new int[] {1, -4})).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> generate(session, Session.ROOT, OPTIONS)).isInstanceOf(GlassException.class);
        int node = session.prompt(text());
        assertThatThrownBy(() -> session.trace(node)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> session.step(node, OPTIONS, OptionalInt.of(1 << 20)))
                .isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> session.candidates(node, OPTIONS.withTrace(-1)))
                .isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> session.draws(node, OPTIONS, 0)).isInstanceOf(GlassException.class);
        int[] most = new int[model.context() + 1];
        Arrays.fill(most, 300);
        int full = session.prompt(most);
        assertThatThrownBy(() -> generate(session, full, OPTIONS)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> session.step(full, OPTIONS, OptionalInt.empty()))
                .isInstanceOf(GlassException.class);
        session.close();
        session.close();
        assertThatThrownBy(() -> session.prompt(text())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTraceCannotAskForAnyNumberOfCandidates() {
        try (Session session = model.session()) {
            int head = session.step(session.prompt(text()), OPTIONS, OptionalInt.empty())
                    .number();
            String json = session.trace(head).toJson().write();
            String more = json.replaceFirst("\"top\":\\d+", "\"top\":" + (Session.MAX_TOP + 1));
            assertThat(more).isNotEqualTo(json);
            Trace trace = Trace.fromJson(Json.parse(more));
            assertThatThrownBy(() -> model.session(trace)).isInstanceOf(GlassException.class);
            ReplayReport report = model.engine().replay(trace);
            assertThat(report.firstDifference()).hasValue(0);
        }
    }

    @Test
    void aListenerThatFailsLeavesTheTokensMade() {
        try (Session session = model.session()) {
            int from = session.prompt(text());
            SessionListener failing = new SessionListener() {
                @Override
                public void step(Session.Node node) {
                    if (node.number() == from + 3) {
                        throw new IllegalStateException("gone");
                    }
                }
            };
            assertThatThrownBy(() -> session.generate(from, OPTIONS, failing, new Cancellation()))
                    .hasMessage("gone");
            assertThat(session.head()).isEqualTo(from + 3);
            Session.Result rest = generate(session, session.head(), OPTIONS.withMaxTokens(4));
            try (Session whole = model.session()) {
                Session.Result all = generate(whole, whole.prompt(text()), OPTIONS.withMaxTokens(7));
                assertThat(session.ids(rest.head())).isEqualTo(whole.ids(all.head()));
            }
        }
    }
}
