package dev.glasshouse.training;

import dev.glasshouse.engine.Engine;
import dev.glasshouse.engine.EngineOptions;
import dev.glasshouse.engine.Generation;
import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.engine.Request;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.sampling.SettingsSource;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Lets a model that is in training write: its weights go to a file of their own in F32, which the engine opens as any other.
 * So samples and film show what the model would say if it were finished now, and are the same whenever the run is repeated.
 */
final class Speaker {
    private static final int TRACED = 8;

    private final Path scratch;
    private final TokenizerFiles tokenizer;
    private final ModelInfo info;
    private final int threads;
    private final KernelChoice kernels;

    /** @param scratch a file that may be written and is deleted again */
    Speaker(Path scratch, TokenizerFiles tokenizer, ModelInfo info, int threads, KernelChoice kernels) {
        this.scratch = scratch;
        this.tokenizer = tokenizer;
        this.info = info;
        this.threads = threads;
        this.kernels = kernels;
    }

    /** What to do with the model. */
    @FunctionalInterface
    interface Talk {
        void with(Session session);
    }

    /** A model that can be asked. */
    record Session(Engine engine) {
        /** The text that follows a prompt. */
        String text(String prompt, int tokens, double temperature, long seed) {
            return engine.generate(request(prompt, tokens, temperature, seed)).text();
        }

        /** The same as a trace. */
        Trace trace(String prompt, int tokens, double temperature, long seed) {
            Generation generation =
                    engine.generate(request(prompt, tokens, temperature, seed).withTrace(TRACED));
            return generation.trace().orElseThrow();
        }

        private Request request(String prompt, int tokens, double temperature, long seed) {
            int[] ids = engine.tokenizer().encode(prompt, true);
            int room = Math.max(0, engine.facts().context() - ids.length);
            return Request.of(ids)
                    .withSettings(
                            engine.settings(SettingsSource.user(Map.of("temperature", temperature, "seed", seed))))
                    .withMaxTokens(Math.min(tokens, room));
        }
    }

    void talk(Parameters parameters, Talk talk) {
        try (Draft draft = new Draft(scratch)) {
            ModelWriter.gguf(draft.file(), parameters, tokenizer, info);
            EngineOptions options = EngineOptions.defaults()
                    .withThreads(threads)
                    .withKernels(kernels)
                    .withKv(KvType.F32);
            try (Engine engine = Engine.open(draft.file(), options)) {
                talk.with(new Session(engine));
            }
        }
    }

    /** A file that is gone when it is closed. */
    private record Draft(Path file) implements AutoCloseable {
        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new GlassException("Cannot delete " + file + ": " + e + ".", e);
            }
        }
    }
}
