package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.kernels.KvType;
import dev.glasshouse.weights.GlassException;
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
    void freeMemoryIsKnownHere() {
        assertThat(FreeMemory.bytes()).isPresent();
        assertThat(FreeMemory.bytes().orElseThrow()).isBetween(1L << 20, 1L << 50);
    }
}
