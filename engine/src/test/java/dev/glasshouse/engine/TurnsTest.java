package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who comes when. Waiters are added one after the other, so the order is certain. */
class TurnsTest {
    private final Turns turns = new Turns(1);
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    private Future<?> wait(ExecutorService executor, String name, Turns.Kind kind) throws InterruptedException {
        int before = turns.waiting();
        Future<?> future = executor.submit(() -> {
            assertThat(turns.take(kind, new Cancellation())).isTrue();
            order.add(name);
            turns.give();
        });
        while (turns.waiting() == before) {
            Thread.sleep(1);
        }
        return future;
    }

    @Test
    void firstComeFirstServedAndStreamsBeforeBackground() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            turns.take(Turns.Kind.STREAM, new Cancellation());
            List<Future<?>> all = new ArrayList<>();
            all.add(wait(executor, "look", Turns.Kind.BACKGROUND));
            for (String name : List.of("a", "b", "c")) {
                all.add(wait(executor, name, Turns.Kind.STREAM));
            }
            turns.give();
            for (Future<?> each : all) {
                each.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(order).containsExactly("a", "b", "c", "look");
    }

    @Test
    void backgroundIsServedAfterSoManyStreams() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            turns.take(Turns.Kind.STREAM, new Cancellation());
            List<Future<?>> all = new ArrayList<>();
            all.add(wait(executor, "look", Turns.Kind.BACKGROUND));
            for (int i = 0; i < Turns.PATIENCE + 5; i++) {
                all.add(wait(executor, "stream", Turns.Kind.STREAM));
            }
            turns.give();
            for (Future<?> each : all) {
                each.get(30, TimeUnit.SECONDS);
            }
        }
        assertThat(order.indexOf("look")).isEqualTo(Turns.PATIENCE);
    }

    @Test
    void whoCancelsLeavesTheLine() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            turns.take(Turns.Kind.STREAM, new Cancellation());
            Cancellation cancellation = new Cancellation();
            Future<Boolean> leaving = executor.submit(() -> turns.take(Turns.Kind.STREAM, cancellation));
            while (turns.waiting() == 0) {
                Thread.sleep(1);
            }
            Future<?> staying = wait(executor, "staying", Turns.Kind.STREAM);
            cancellation.cancel();
            assertThat(leaving.get(30, TimeUnit.SECONDS)).isFalse();
            turns.give();
            staying.get(30, TimeUnit.SECONDS);
        }
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void aStreamBetweenTwoTokensDoesNotStarveBackground() throws Exception {
        turns.begin();
        assertThat(turns.take(Turns.Kind.BACKGROUND, new Cancellation())).isTrue();
        turns.give();
        turns.end();
    }
}
