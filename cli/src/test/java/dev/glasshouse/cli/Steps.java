package dev.glasshouse.cli;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.DryBreakers;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.SamplerChain;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.StepRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Steps of the real sampler on invented logits of a vocabulary of 1,000 tokens. */
final class Steps {
    static final int VOCABULARY = 1000;
    private static final List<String> TEXTS =
            List.of(" Paris", " the", " located", " a", " in", " not", "\n", " 巴黎", "<|end|>", " one");
    /** The ids of these, and their logits. */
    private static final int[] IDS = {366, 279, 559, 264, 304, 539, 198, 88, 2, 825};

    private static final float[] LOGITS = {12.1f, 10.2f, 10.0f, 9.3f, 8.2f, 7.9f, 7.1f, 6.4f, 6.0f, 5.5f};

    private Steps() {}

    static Trace.Token token(int id) {
        for (int i = 0; i < IDS.length; i++) {
            if (IDS[i] == id) {
                return new Trace.Token(id, TEXTS.get(i).getBytes(StandardCharsets.UTF_8), id == 2);
            }
        }
        return new Trace.Token(id, ("w" + id).getBytes(StandardCharsets.UTF_8), false);
    }

    static TokenNames names() {
        List<Trace.Token> all = new ArrayList<>();
        for (int id = 0; id < VOCABULARY; id++) {
            all.add(token(id));
        }
        return TokenNames.of(all);
    }

    static float[] logits() {
        float[] logits = new float[VOCABULARY];
        for (int id = 0; id < VOCABULARY; id++) {
            logits[id] = -(id % 37) / 10f;
        }
        for (int i = 0; i < IDS.length; i++) {
            logits[IDS[i]] = LOGITS[i];
        }
        return logits;
    }

    static StepRecord record(Map<String, ?> settings, int top, OptionalInt pick) {
        SamplerChain chain = SamplerChain.of(
                SamplerSettings.builtIn().with(Map.of("seed", 42)).with(settings), VOCABULARY, DryBreakers.NONE);
        chain.record(top);
        chain.accept(279);
        chain.accept(366);
        chain.pick(logits());
        if (pick.isPresent()) {
            chain.repick(logits(), pick.getAsInt(), PickedBy.USER);
        }
        return chain.lastStep().orElseThrow();
    }

    static Trace.Step step(Map<String, ?> settings, int top, OptionalInt pick) {
        StepRecord record = record(settings, top, pick);
        return new Trace.Step(5, token(record.id()), "", record, 45_300_000, 1_100_000, 6, 276_480);
    }
}
