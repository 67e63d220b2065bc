package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.network.DecoderSpec;
import dev.glasshouse.weights.GlassException;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryPlanTest {
    @Test
    void theModelsContextIsTheDefault() {
        try (Engine engine = Stories.open(Stories.F32)) {
            MemoryPlan plan = engine.facts().memory();
            assertThat(plan.context()).isEqualTo(512);
            assertThat(plan.cutToMemory()).isFalse();
            // 2 · layers · KV heads · head size · positions · 4 bytes
            assertThat(plan.cache()).isEqualTo(2L * 5 * 4 * 8 * 512 * 4);
            engine.generate(Request.of(Stories.firstIds(200)).withMaxTokens(1));
            assertThat(engine.cacheBytes()).isEqualTo(2L * 5 * 4 * 8 * 256 * 4);
        }
    }

    @Test
    void littleMemoryMeansALowerContextOrARefusal() {
        EngineOptions options = Stories.options().withChunk(8);
        long full;
        try (Engine engine = Engine.open(Stories.path(Stories.F32), options)) {
            full = engine.facts().memory().total();
        }
        // Half the cache of 655,360 bytes less: 256 positions are left.
        EngineOptions tight = options.withMemory(full - 327_680);
        assertThatThrownBy(() -> Engine.open(Stories.path(Stories.F32), tight))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("does not fit into the memory")
                .hasMessageContaining("MiB");
        try (Engine engine = Engine.open(Stories.path(Stories.F32), tight.withContext(256))) {
            assertThat(engine.facts().context()).isEqualTo(256);
        }
        try (Engine engine = Engine.open(Stories.path(Stories.F32), tight.withKv(KvType.F16))) {
            assertThat(engine.facts().context()).isEqualTo(512);
        }
    }

    @Test
    void aCacheTypeThatDoesNotFitIsSaid() {
        assertThatThrownBy(() ->
                        Engine.open(Stories.path(Stories.F32), Stories.options().withKv(KvType.Q8_0)))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("cache");
    }

    @Test
    void aTableOfPositionsEndsTheContext() {
        DecoderSpec spec = spec(2, true, 512);
        EngineOptions options = Stories.options().withMemory(1L << 50);
        assertThat(MemoryPlan.of(spec, 0, options.withContext(512)).context()).isEqualTo(512);
        assertThatThrownBy(() -> MemoryPlan.of(spec, 0, options.withContext(513)))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("512");
    }

    @Test
    void cachesBeyondAllBoundsDoNotFit() {
        // 2¹³ layers · 2²² blocks · 2³⁰ bytes: more than a long can count
        DecoderSpec spec = spec(1 << 13, false, 1 << 28);
        EngineOptions options = Stories.options().withSequences(4096).withContext(1 << 28);
        assertThatThrownBy(() -> MemoryPlan.of(spec, 0, options))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("does not fit into the memory");
    }

    private static DecoderSpec spec(int layers, boolean learnedPositions, int context) {
        return new DecoderSpec(
                "made",
                100,
                context,
                64,
                DecoderSpec.NormKind.RMS,
                1e-5f,
                true,
                false,
                new DecoderSpec.Heads(1 << 10, 1 << 10, 1 << 11, DecoderSpec.HeadNorm.NONE, 1, 0),
                new DecoderSpec.Mlp(DecoderSpec.Activation.SWIGLU, 64, Optional.empty()),
                Collections.nCopies(layers, new DecoderSpec.Layer(0, Optional.empty())),
                learnedPositions,
                DecoderSpec.Biases.NONE,
                1,
                1,
                1,
                0);
    }

    @Test
    void freeMemoryIsKnownHere() {
        assertThat(FreeMemory.bytes()).isPresent();
        assertThat(FreeMemory.bytes().orElseThrow()).isBetween(1L << 20, 1L << 50);
    }
}
