package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Looks and trees compute on copies: right whatever the caches hold, and without a mark on them. */
class InspectTest {
    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Stories.open(Stories.Q8_0);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    /** The rows that scoring gives at every position, read from the first token on. */
    private static List<float[]> rows(int[] ids) {
        List<float[]> rows = new ArrayList<>();
        engine.score(ids, new Cancellation(), (position, logits, next, log) -> rows.add(logits.clone()));
        return rows;
    }

    @Test
    void logitsThatAreNoneAreNoDistribution() {
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new Softmax(new float[] {1, broken, Float.NEGATIVE_INFINITY}))
                    .isInstanceOf(GlassException.class);
        }
        assertThatThrownBy(() -> new Softmax(new float[] {Float.NEGATIVE_INFINITY}))
                .isInstanceOf(GlassException.class);
        assertThat(new Softmax(new float[] {1, Float.NEGATIVE_INFINITY}).probability(0))
                .isEqualTo(1);
    }

    @Test
    void logitsAreThoseOfAFreshRead() {
        int[] ids = Stories.firstIds(130);
        List<float[]> rows = rows(ids);
        engine.generate(Request.of(Arrays.copyOf(ids, 100)).withMaxTokens(1));
        long cached = engine.cacheBytes();
        for (int length : new int[] {1, 2, 63, 64, 65, 99, 100, 101, 128, 130}) {
            int[] text = Arrays.copyOf(ids, length);
            assertThat(engine.logits(text, new Cancellation())).isEqualTo(rows.get(length - 1));
            View view = engine.look(text, Look.NOTHING.withLens(2).withTarget(300), new Cancellation());
            assertThat(view.logits()).isEqualTo(rows.get(length - 1));
            assertThat(view.lens().getLast().targetProbability())
                    .isEqualTo(new Softmax(rows.get(length - 1)).probability(300));
        }
        assertThat(engine.cacheBytes()).isEqualTo(cached);
        assertThat(engine.generate(Request.of(Arrays.copyOf(ids, 100)).withMaxTokens(1))
                        .timings()
                        .reusedTokens())
                .isEqualTo(99);
    }

    @Test
    void aTreesBranchesAreTheTextsWithThem() {
        int[] ids = Stories.firstIds(63);
        TokenTree tree = engine.tree(ids, 2, 5, new Cancellation());
        int[] text = ids;
        TokenTree at = tree;
        while (!at.children().isEmpty()) {
            Softmax softmax = new Softmax(engine.logits(text, new Cancellation()));
            for (TokenTree child : at.children()) {
                assertThat(child.probability()).isEqualTo(softmax.probability(child.id()));
            }
            at = at.children().getLast();
            text = Arrays.copyOf(text, text.length + 1);
            text[text.length - 1] = at.id();
        }
        assertThat(text).hasSize(68);
    }

    @Test
    void treesEndWithTheContext() {
        try (Engine small =
                Engine.open(Stories.path(Stories.Q8_0), Stories.options().withContext(20))) {
            TokenTree tree = small.tree(Stories.firstIds(19), 2, 4, new Cancellation());
            assertThat(tree.size()).isEqualTo(2 + 4);
            assertThat(small.tree(Stories.firstIds(20), 2, 4, new Cancellation())
                            .size())
                    .isEqualTo(2);
            assertThatThrownBy(() -> small.tree(Stories.firstIds(21), 2, 4, new Cancellation()))
                    .isInstanceOf(ContextFullException.class);
        }
    }

    @Test
    void whatIsCancelledSaysSoAndLeavesTheEngineWell() {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        int[] ids = Stories.firstIds(40);
        assertThatThrownBy(() -> engine.look(ids, Look.NOTHING, cancelled)).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> engine.tree(ids, 2, 2, cancelled)).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> engine.logits(ids, cancelled)).isInstanceOf(CancellationException.class);
        assertThat(engine.logits(ids, new Cancellation())).hasSize(512);
        assertThatThrownBy(() -> engine.logits(new int[0], new Cancellation())).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> engine.look(ids, Look.NOTHING.withLens(201), new Cancellation()))
                .isInstanceOf(GlassException.class);
    }

    @Test
    void aLookGetsItsTurnWhileStreamsRun() throws Exception {
        Cancellation stop = new Cancellation();
        try (Engine busy = Engine.open(
                        Stories.path(Stories.Q8_0), Stories.options().withSequences(2));
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> streams = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                streams.add(executor.submit(() -> {
                    while (!stop.cancelled()) {
                        busy.generate(Request.of(Stories.firstIds(5))
                                .ignoringEnd()
                                .withMaxTokens(200)
                                .withCancellation(stop));
                    }
                }));
            }
            Future<View> look = executor.submit(
                    () -> busy.look(Stories.firstIds(300), Look.NOTHING.withLens(1), new Cancellation()));
            assertThat(look.get(60, TimeUnit.SECONDS).lens()).isNotEmpty();
            stop.cancel();
            for (Future<?> each : streams) {
                each.get(60, TimeUnit.SECONDS);
            }
        }
    }
}
