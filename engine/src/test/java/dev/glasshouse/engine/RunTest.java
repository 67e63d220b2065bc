package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generations that pause: however they are cut and whatever is computed between, the bits stay. */
class RunTest {
    private static final int TOKENS = 24;
    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Stories.open(Stories.Q8_0);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    static Stream<Map<String, Object>> settings() {
        return Stream.of(
                Map.of("seed", 1, "temperature", 0),
                Map.of("seed", 7, "temperature", 1.2, "repeat_penalty", 1.2, "xtc_probability", 0.5),
                Map.of("seed", 8, "mirostat", 2),
                Map.of("seed", 9, "adaptive_target", 0.4),
                Map.of("seed", 10, "dry_multiplier", 0.8, "temperature", 1.4));
    }

    private static Request request(int prompt, Map<String, ?> settings) {
        return Request.of(Stories.firstIds(prompt))
                .withSettings(Stories.settings(settings))
                .withTrace(5)
                .ignoringEnd();
    }

    private static FinishReason advance(Run run, int most) {
        return run.advance(most, GenerationListener.NONE, new Cancellation());
    }

    /** A step without what differs from run to run: times, and the memory of the cache. */
    static List<Object> bits(Trace.Step step) {
        return List.of(step.position(), step.token(), step.text(), step.sampling(), step.cacheUsed());
    }

    static List<List<Object>> bits(Run run) {
        return run.trace().orElseThrow().steps().stream().map(RunTest::bits).toList();
    }

    private static List<List<Object>> alone(Request request) {
        try (Run run = engine.start(request)) {
            assertThat(advance(run, TOKENS)).isEqualTo(FinishReason.MAX_TOKENS);
            return bits(run);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void stepsAreTheWhole(Map<String, Object> settings) {
        Request request = request(30, settings);
        List<List<Object>> whole = alone(request);
        assertThat(whole).hasSize(TOKENS);
        Generation generation = engine.generate(request.withMaxTokens(TOKENS));
        assertThat(generation.trace().orElseThrow().steps().stream()
                        .map(RunTest::bits)
                        .toList())
                .isEqualTo(whole);
        try (Run run = engine.start(request)) {
            for (int i = 0; i < TOKENS; i++) {
                StepRecord next = run.peek(5);
                assertThat(advance(run, 1)).isEqualTo(FinishReason.MAX_TOKENS);
                assertThat(run.trace().orElseThrow().steps().get(i).sampling()).isEqualTo(next);
            }
            assertThat(bits(run)).isEqualTo(whole);
            assertThat(run.text()).isEqualTo(generation.text());
            assertThat(run.ids()).isEqualTo(generation.ids());
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void whatWasReleasedIsComputedAgain(Map<String, Object> settings) {
        Request request = request(30, settings);
        List<List<Object>> whole = alone(request);
        try (Run run = engine.start(request)) {
            for (int part : new int[] {0, 1, 7, 0, 16}) {
                advance(run, part);
                long before = run.bytes();
                run.release();
                assertThat(run.bytes()).isLessThan(before);
                engine.generate(Request.of(new int[] {1, 300, 301}).withMaxTokens(3));
            }
            assertThat(bits(run)).isEqualTo(whole);
        }
    }

    @Test
    void manyAtOnceWithLooksBetweenAreEachAsIfAlone() throws Exception {
        List<Request> requests = new ArrayList<>();
        List<List<List<Object>>> expected = new ArrayList<>();
        settings().forEach(settings -> requests.add(request(3 + 17 * requests.size(), settings)));
        requests.forEach(request -> expected.add(alone(request)));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Engine shared = Engine.open(
                        Stories.path(Stories.Q8_0),
                        Stories.options().withSequences(3).withChunk(16))) {
            List<Future<List<List<Object>>>> futures = new ArrayList<>();
            for (Request request : requests) {
                futures.add(executor.submit(() -> {
                    try (Run run = shared.start(request)) {
                        run.advance(9, GenerationListener.NONE, new Cancellation());
                        run.advance(TOKENS - 9, GenerationListener.NONE, new Cancellation());
                        return bits(run);
                    }
                }));
            }
            List<Future<?>> background = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int length = 20 + i;
                background.add(executor.submit(() -> {
                    shared.tree(Stories.firstIds(length), 3, 3, new Cancellation());
                    shared.look(Stories.firstIds(length), Look.NOTHING.withLens(3), new Cancellation());
                    shared.score(Stories.firstIds(length));
                }));
            }
            for (int i = 0; i < requests.size(); i++) {
                assertThat(futures.get(i).get(120, TimeUnit.SECONDS)).isEqualTo(expected.get(i));
            }
            for (Future<?> each : background) {
                each.get(120, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aUsersPickIsTakenOnceAndTheDrawsGoOn() {
        try (Run run = engine.start(request(4, Map.of("seed", 3)))) {
            advance(run, 2);
            run.pick(300);
            advance(run, 3);
            Trace trace = run.trace().orElseThrow();
            assertThat(trace.steps().get(2).token().id()).isEqualTo(300);
            assertThat(trace.steps().get(2).sampling().by()).isEqualTo(PickedBy.USER);
            assertThat(trace.steps().get(3).sampling().by()).isEqualTo(PickedBy.SAMPLED);
            assertThat(engine.replay(trace).same()).isTrue();
            for (int id : new int[] {-1, 512, Integer.MAX_VALUE}) {
                assertThatThrownBy(() -> run.pick(id)).isInstanceOf(GlassException.class);
            }
        }
    }

    @Test
    void whatIsComputedAgainCanBeCancelled() {
        try (Run run = engine.start(request(30, Map.of("seed", 7)))) {
            advance(run, 5);
            run.release();
            Timings before = run.timings();
            Cancellation cancelled = new Cancellation();
            cancelled.cancel();
            assertThat(run.advance(1, GenerationListener.NONE, cancelled)).isEqualTo(FinishReason.CANCELLED);
            assertThat(run.timings().generationNanos()).isEqualTo(before.generationNanos());
            assertThat(run.ids()).hasSize(5);
        }
    }

    @Test
    void aRecordedRunGoesOn() {
        Request request = request(12, Map.of("seed", 5, "mirostat", 2));
        List<List<Object>> whole = alone(request);
        Trace first;
        try (Run run = engine.start(request)) {
            advance(run, 10);
            first = Trace.fromJson(run.trace().orElseThrow().toJson());
        }
        try (Run again = engine.resume(first)) {
            advance(again, TOKENS - 10);
            assertThat(bits(again)).isEqualTo(whole);
        }
    }

    @Test
    void aRunThatEndedStaysEnded() {
        String stop = "little";
        try (Run run = engine.start(Request.of(Stories.firstIds(4)).withStops(List.of(stop)))) {
            FinishReason finish = FinishReason.MAX_TOKENS;
            while (finish == FinishReason.MAX_TOKENS) {
                finish = run.advance(1, GenerationListener.NONE, new Cancellation());
            }
            assertThat(finish).isEqualTo(FinishReason.STOP_STRING);
            assertThat(run.text()).doesNotContain(stop);
            int tokens = run.ids().size();
            assertThat(advance(run, 5)).isEqualTo(FinishReason.STOP_STRING);
            assertThat(run.ids()).hasSize(tokens);
        }
        try (Engine small = Engine.open(
                        Stories.path(Stories.Q8_0), Stories.options().withContext(20));
                Run run = small.start(request(12, Map.of()))) {
            assertThat(advance(run, 8)).isEqualTo(FinishReason.MAX_TOKENS);
            assertThat(advance(run, 8)).isEqualTo(FinishReason.CONTEXT_FULL);
            assertThat(run.ids()).hasSize(9);
            assertThatThrownBy(() -> run.peek(3)).isInstanceOf(ContextFullException.class);
        }
    }

    @Test
    void aSequenceInUseIsNotTaken() throws Exception {
        Request request = request(8, Map.of("seed", 2));
        List<List<Object>> whole = alone(request);
        try (ExecutorService executor = Executors.newSingleThreadExecutor();
                Engine one = Stories.open(Stories.Q8_0);
                Run first = one.start(request);
                Run second = one.start(request(9, Map.of("seed", 3)))) {
            List<Future<FinishReason>> waiting = new ArrayList<>();
            GenerationListener listener = new GenerationListener() {
                @Override
                public void token(TokenEvent event) {
                    if (event.index() == 3) {
                        waiting.add(
                                executor.submit(() -> second.advance(4, GenerationListener.NONE, new Cancellation())));
                        while (one.waiting() == 0) {
                            Thread.onSpinWait();
                        }
                        assertThat(waiting.getFirst().isDone()).isFalse();
                    }
                }
            };
            first.advance(TOKENS, listener, new Cancellation());
            assertThat(waiting.getFirst().get(30, TimeUnit.SECONDS)).isEqualTo(FinishReason.MAX_TOKENS);
            assertThat(bits(first)).isEqualTo(whole);
            assertThat(second.ids()).hasSize(4);
        }
    }

    @Test
    void closingEndsWhatRunsElsewhere() throws Exception {
        Engine closing = Stories.open(Stories.Q8_0);
        try (ExecutorService executor = Executors.newSingleThreadExecutor();
                Run run = closing.start(request(4, Map.of()))) {
            java.util.concurrent.CountDownLatch begun = new java.util.concurrent.CountDownLatch(3);
            Future<FinishReason> future = executor.submit(() -> run.advance(
                    400,
                    new GenerationListener() {
                        @Override
                        public void token(TokenEvent event) {
                            begun.countDown();
                        }
                    },
                    new Cancellation()));
            begun.await();
            closing.close();
            assertThat(future.get(30, TimeUnit.SECONDS)).isIn(FinishReason.CANCELLED, FinishReason.MAX_TOKENS);
            assertThatThrownBy(() -> advance(run, 1)).isInstanceOf(IllegalStateException.class);
        }
    }
}
