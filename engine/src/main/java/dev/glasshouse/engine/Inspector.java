package dev.glasshouse.engine;

import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.SamplerChain;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Questions about what a text is followed by. Computes on copies of what the caches hold, and leaves those as they are. */
final class Inspector {
    private static final int MOST_DRAWS = 1_000_000;
    private static final int FIRST_DRAWS = 100;

    private final Core core;

    Inspector(Core core) {
        this.core = core;
    }

    float[] logits(int[] ids, Cancellation cancellation) {
        core.check("The text", ids);
        return core.background(cancellation, () -> {
            float[] logits = new float[core.vocabulary()];
            try (Feeder feeder = new Feeder(core, Turns.Kind.BACKGROUND, cancellation)) {
                if (!feeder.feed(ids, ids.length, logits, Feeder.Progress.NONE)) {
                    throw Core.cancelled();
                }
            }
            return logits;
        });
    }

    StepRecord ask(float[] logits, int[] history, SamplerSettings settings, int top) {
        SamplerChain chain = chain(logits, history, Core.seeded(settings));
        if (top < 0) {
            throw new GlassException("The number of candidates must not be negative, but is " + top + ".");
        }
        chain.record(top);
        chain.pick(logits);
        return chain.lastStep().orElseThrow();
    }

    Draws draws(float[] logits, int[] history, SamplerSettings settings, int count) {
        if (count < 1 || count > MOST_DRAWS) {
            throw new GlassException("One can draw from 1 to " + MOST_DRAWS + " times, not " + count + ".");
        }
        SamplerSettings seeded = Core.seeded(settings);
        NavigableMap<Integer, Integer> counts = new TreeMap<>();
        List<Draws.Drawn> first = new ArrayList<>();
        chain(logits, history, seeded).draws(logits, count, (u, id) -> {
            counts.merge(id, 1, Integer::sum);
            if (first.size() < FIRST_DRAWS) {
                first.add(new Draws.Drawn(u, id));
            }
        });
        return new Draws(seeded.get(Parameter.SEED), counts, first);
    }

    private SamplerChain chain(float[] logits, int[] history, SamplerSettings settings) {
        if (logits.length != core.vocabulary()) {
            throw new GlassException(
                    "There are " + logits.length + " logits for a vocabulary of " + core.vocabulary() + ".");
        }
        Arrays.stream(history).forEach(id -> core.check("The text", id));
        return core.chain(settings, history);
    }
}
