package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GenerationTest {
    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Stories.open(Stories.Q8_0);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    private static Request story() {
        return Request.of(prompt("Once upon a time"))
                .withSettings(Stories.greedy())
                .withMaxTokens(60);
    }

    private static int[] prompt(String text) {
        return engine.tokenizer().encode(List.of(dev.glasshouse.tokenizer.TextPart.plain(text)), true);
    }

    /** Writes down what it hears. */
    private static final class Heard implements GenerationListener {
        final StringBuilder text = new StringBuilder();
        final List<Integer> ids = new ArrayList<>();
        final List<String> prompts = new ArrayList<>();

        @Override
        public void prompt(int done, int total, int reused) {
            prompts.add(done + "/" + total);
        }

        @Override
        public void token(TokenEvent event) {
            assertThat(event.index()).isEqualTo(ids.size());
            ids.add(event.id());
        }

        @Override
        public void text(String delta) {
            assertThat(delta).isNotEmpty();
            text.append(delta);
        }
    }

    @Test
    void streamsWhatItReturns() {
        Heard heard = new Heard();
        Generation generation = engine.generate(story(), heard);
        assertThat(generation.text())
                .startsWith(", there was a little girl named")
                .isEqualTo(heard.text.toString());
        assertThat(generation.ids()).hasSize(60).isEqualTo(heard.ids);
        assertThat(generation.finish()).isEqualTo(FinishReason.MAX_TOKENS);
        assertThat(heard.prompts.getLast()).isEqualTo("5/5");
        assertThat(generation.timings().generatedTokens()).isEqualTo(60);
    }

    @Test
    void promptsComeInChunks() {
        try (Engine small =
                Engine.open(Stories.path(Stories.Q8_0), Stories.options().withChunk(32))) {
            Heard heard = new Heard();
            small.generate(Request.of(Stories.firstIds(100)).withMaxTokens(1), heard);
            assertThat(heard.prompts).containsExactly("0/100", "32/100", "64/100", "96/100", "100/100");
        }
    }

    @Test
    void stopStringsAcrossTokensEndAndAreNotShown() {
        String whole = engine.generate(story()).text();
        for (String stop : List.of("little girl", "girl named Lily. She", "e", whole.substring(10, 30))) {
            Heard heard = new Heard();
            Generation generation = engine.generate(story().withStops(List.of("never there", stop)), heard);
            assertThat(generation.finish()).isEqualTo(FinishReason.STOP_STRING);
            assertThat(generation.stop()).contains(stop);
            assertThat(generation.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
            assertThat(heard.text.toString()).isEqualTo(generation.text());
        }
        Generation without = engine.generate(story().withStops(List.of("little girl named Tom")));
        assertThat(without.text()).isEqualTo(whole);
        assertThat(without.stop()).isEmpty();
    }

    @Test
    void endOfGenerationStops() {
        int eos = engine.tokenizer().eos().orElseThrow();
        Map<String, Object> forced = Map.of("logit_bias", Map.of(eos, 1000));
        Generation generation = engine.generate(story().withSettings(Stories.settings(forced)));
        assertThat(generation.finish()).isEqualTo(FinishReason.END_OF_GENERATION);
        assertThat(generation.ids()).containsExactly(eos);
        assertThat(generation.text()).isEmpty();
        Generation on = engine.generate(
                story().withSettings(Stories.settings(forced)).withMaxTokens(3).ignoringEnd());
        assertThat(on.ids()).containsExactly(eos, eos, eos);
        assertThat(on.finish()).isEqualTo(FinishReason.MAX_TOKENS);
    }

    @Test
    void aFullContextIsSaid() {
        try (Engine small =
                Engine.open(Stories.path(Stories.Q8_0), Stories.options().withContext(40))) {
            Request request = Request.of(Stories.firstIds(30))
                    .withSettings(Stories.greedy())
                    .ignoringEnd();
            Generation generation = small.generate(request);
            assertThat(generation.finish()).isEqualTo(FinishReason.CONTEXT_FULL);
            // Ten more go in; the last of the eleven picks has no room to be read.
            assertThat(generation.ids()).hasSize(11);
            assertThat(small.generate(Request.of(Stories.firstIds(40))
                                    .withMaxTokens(5)
                                    .ignoringEnd())
                            .ids())
                    .hasSize(1);
            assertThatThrownBy(() -> small.generate(Request.of(Stories.firstIds(41))))
                    .isInstanceOf(ContextFullException.class)
                    .hasMessageContaining("has 41 tokens and the context holds 40");
        }
    }

    @Test
    void anotherThreadCancels() throws Exception {
        Cancellation cancellation = new Cancellation();
        CountDownLatch running = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            Future<Generation> future = executor.submit(() -> engine.generate(
                    Request.of(Stories.firstIds(1))
                            .withSettings(Stories.greedy())
                            .ignoringEnd()
                            .withCancellation(cancellation),
                    new GenerationListener() {
                        @Override
                        public void token(TokenEvent event) {
                            running.countDown();
                            if (event.index() == 20) {
                                // Waits for the cancel, which must then end it before another token.
                                while (!cancellation.cancelled()) {
                                    Thread.onSpinWait();
                                }
                            }
                        }
                    }));
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
            cancellation.cancel();
            Generation generation = future.get(30, TimeUnit.SECONDS);
            assertThat(generation.finish()).isEqualTo(FinishReason.CANCELLED);
            assertThat(generation.ids()).hasSizeLessThanOrEqualTo(21);
        }
    }

    @Test
    void aPromptIsCancelledBetweenChunks() {
        Cancellation cancellation = new Cancellation();
        try (Engine small =
                Engine.open(Stories.path(Stories.Q8_0), Stories.options().withChunk(16))) {
            int[] done = {0};
            Generation generation = small.generate(
                    Request.of(Stories.firstIds(200)).withCancellation(cancellation), new GenerationListener() {
                        @Override
                        public void prompt(int read, int total, int reused) {
                            done[0] = read;
                            if (read == 32) {
                                cancellation.cancel();
                            }
                        }
                    });
            assertThat(generation.finish()).isEqualTo(FinishReason.CANCELLED);
            assertThat(done[0]).isEqualTo(32);
            assertThatThrownBy(() -> small.score(Stories.firstIds(10), cancellation, ScoreListener.NONE))
                    .isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void oneWhoWaitsForATurnCanCancel() throws Exception {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            engine.generate(story().withMaxTokens(1), new GenerationListener() {
                @Override
                public void token(TokenEvent event) {
                    Future<Generation> waiting =
                            executor.submit(() -> engine.generate(story().withCancellation(cancellation)));
                    try {
                        assertThat(waiting.get(30, TimeUnit.SECONDS).finish()).isEqualTo(FinishReason.CANCELLED);
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }
            });
        }
    }

    @Test
    void requestsAtTheSameTimeTakeTurns() throws Exception {
        List<Callable<String>> tasks = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Request request = Request.of(Stories.firstIds(3 + 11 * i))
                    .withSettings(Stories.settings(Map.of("seed", i, "temperature", 1)))
                    .withMaxTokens(30);
            expected.add(engine.generate(request).text());
            tasks.add(() -> engine.generate(request).text());
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(6)) {
            List<String> actual = new ArrayList<>();
            for (Future<String> future : executor.invokeAll(tasks)) {
                actual.add(future.get());
            }
            assertThat(actual).isEqualTo(expected);
        }
    }

    @Test
    void severalSequencesKeepTheirPrefixes() {
        try (Engine two =
                Engine.open(Stories.path(Stories.Q8_0), Stories.options().withSequences(2))) {
            Request first = Request.of(Stories.firstIds(50)).withMaxTokens(2);
            int[] reversed = Stories.firstIds(50);
            for (int i = 0; i < 50; i++) {
                reversed[i] = Stories.greedyIds()[100 + i];
            }
            Request second = Request.of(reversed).withMaxTokens(2);
            two.generate(first);
            two.generate(second);
            assertThat(two.generate(first).timings().reusedTokens()).isEqualTo(49);
            assertThat(two.generate(second).timings().reusedTokens()).isEqualTo(49);
            assertThat(two.cacheBytes()).isPositive();
        }
    }

    @Test
    void aListenersErrorReachesTheCallerAndTheEngineGoesOn() {
        assertThatThrownBy(() -> engine.generate(story(), new GenerationListener() {
                    @Override
                    public void text(String delta) {
                        throw new IllegalStateException("mine");
                    }
                }))
                .hasMessage("mine");
        assertThatThrownBy(() -> engine.generate(story(), new GenerationListener() {
                    @Override
                    public void text(String delta) {
                        engine.generate(story());
                    }
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(engine.generate(story()).ids()).hasSize(60);
    }

    @Test
    void candidatesAreThereOnDemand() {
        int[] seen = {0};
        engine.generate(story().withMaxTokens(5), new GenerationListener() {
            @Override
            public void token(TokenEvent event) {
                List<Candidate> top = event.candidates(3);
                assertThat(top).hasSize(3);
                assertThat(top.getFirst().id()).isEqualTo(event.id());
                assertThat(Math.exp(event.logProbability()))
                        .isCloseTo(top.getFirst().probability(), within(1e-12));
                assertThat(event.candidates(1000).stream()
                                .mapToDouble(Candidate::probability)
                                .sum())
                        .isCloseTo(1, within(1e-9));
                seen[0]++;
            }
        });
        assertThat(seen[0]).isEqualTo(5);
    }

    @Test
    void somebodyElseCanPick() {
        Generation generation = engine.generate(story().withTrace(2)
                .withChooser((step, picked) -> step == 2
                        ? Optional.of(
                                new TokenChooser.Choice(picked.top(2).getLast().id(), PickedBy.USER))
                        : Optional.empty()));
        Trace trace = generation.trace().orElseThrow();
        assertThat(trace.steps().get(2).sampling().by()).isEqualTo(PickedBy.USER);
        assertThat(trace.steps().get(2).sampling().rank()).isEqualTo(2);
        assertThat(trace.steps().get(3).sampling().by()).isEqualTo(PickedBy.GREEDY);
        assertThat(generation.text()).isNotEqualTo(engine.generate(story()).text());
        assertThatThrownBy(() -> engine.generate(story().withChooser(
                                (step, picked) -> Optional.of(new TokenChooser.Choice(99999, PickedBy.USER)))))
                .isInstanceOf(GlassException.class);
    }

    @Test
    void hostileRequestsAreRefused() {
        assertThatThrownBy(() -> engine.generate(Request.of(new int[0])))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("no tokens");
        for (int id : new int[] {-1, 512, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> engine.generate(Request.of(new int[] {1, id})))
                    .isInstanceOf(GlassException.class)
                    .hasMessageContaining("outside the vocabulary");
        }
        assertThatThrownBy(() -> story().withStops(List.of(""))).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> story().withStops(List.of("x".repeat(2000)))).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> story().withStops(java.util.Collections.nCopies(100, "x")))
                .isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> story().withMaxTokens(-1)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> story().withTrace(-1)).isInstanceOf(GlassException.class);
        assertThat(engine.generate(story().withMaxTokens(0)).ids()).isEmpty();
        assertThatThrownBy(() -> EngineOptions.defaults().withThreads(0)).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> EngineOptions.defaults().withContext(1)).isInstanceOf(GlassException.class);
    }

    @Test
    void aClosedEngineSaysSo() {
        Engine closed = Stories.open(Stories.Q8_0);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.generate(Request.of(new int[] {1}))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aListenerThatClosesTheEngineGetsItsAnswerFirst() {
        String whole = engine.generate(story()).text();
        Engine closing = Stories.open(Stories.Q8_0);
        Generation generation = closing.generate(story().withTrace(1), new GenerationListener() {
            @Override
            public void token(TokenEvent event) {
                closing.close();
            }
        });
        assertThat(generation.text()).isEqualTo(whole);
        assertThatThrownBy(closing::cacheBytes).isInstanceOf(IllegalStateException.class);
    }
}
