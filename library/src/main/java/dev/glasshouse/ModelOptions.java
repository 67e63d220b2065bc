package dev.glasshouse;

import dev.glasshouse.engine.EngineOptions;
import dev.glasshouse.engine.KernelChoice;
import dev.glasshouse.hub.PullListener;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.network.LoadListener;
import dev.glasshouse.weights.GlassException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * How to open a model.
 *
 * @param engine threads, cache, context, kernels
 * @param acceptLicence whether a licence with conditions is accepted if the model has to be fetched
 * @param listener hears what fetching does, if it has to be fetched
 * @param loading hears how far loading is
 * @param warnings hears why the model runs slower than it could, and what to do
 */
public record ModelOptions(
        EngineOptions engine,
        boolean acceptLicence,
        PullListener listener,
        LoadListener loading,
        Consumer<String> warnings) {
    /** All processors, an F16 cache, as much context as the model and the memory allow; no licence accepted unread. */
    public static final ModelOptions DEFAULT = new ModelOptions(
            EngineOptions.defaults(), false, PullListener.silent(), LoadListener.SILENT, Warnings::log);

    /** These with a context of {@code tokens}. */
    public ModelOptions withContext(int tokens) {
        return withEngine(engine.withContext(tokens));
    }

    /** These with {@code count} threads; answers do not depend on it. */
    public ModelOptions withThreads(int count) {
        return withEngine(engine.withThreads(count));
    }

    /**
     * These with keys and values cached as f32, f16 or q8_0.
     *
     * @throws GlassException for another type
     */
    public ModelOptions withCache(String type) {
        for (KvType known : KvType.values()) {
            if (known.name().equalsIgnoreCase(type)) {
                return withEngine(engine.withKv(known));
            }
        }
        String names = Arrays.stream(KvType.values())
                .map(known -> known.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        throw new GlassException("Keys and values can be cached as " + names + ", not as '" + type + "'.");
    }

    /** These without the Vector API: the same answers, slowly. */
    public ModelOptions withScalarKernels() {
        return withEngine(engine.withKernels(KernelChoice.SCALAR));
    }

    /** These with other engine options. */
    public ModelOptions withEngine(EngineOptions options) {
        return new ModelOptions(options, acceptLicence, listener, loading, warnings);
    }

    /** These with the licence of the model accepted, if it has conditions. */
    public ModelOptions acceptingLicence() {
        return new ModelOptions(engine, true, listener, loading, warnings);
    }

    /** These with somebody who hears what fetching does. */
    public ModelOptions withListener(PullListener newListener) {
        return new ModelOptions(engine, acceptLicence, newListener, loading, warnings);
    }

    /** These with somebody else who hears why the model runs slower than it could; else it is logged, once a process. */
    public ModelOptions withWarnings(Consumer<String> newWarnings) {
        return new ModelOptions(engine, acceptLicence, listener, loading, newWarnings);
    }

    /** These with somebody who hears how far loading is. */
    public ModelOptions withLoading(LoadListener newLoading) {
        return new ModelOptions(engine, acceptLicence, listener, newLoading, warnings);
    }
}
