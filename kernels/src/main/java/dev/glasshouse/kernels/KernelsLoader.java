package dev.glasshouse.kernels;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Picks the fastest kernels that can run here, and knows why a faster one could not. */
public final class KernelsLoader {
    private static final String VECTOR = "dev.glasshouse.kernels.vector.VectorProvider";

    private KernelsLoader() {}

    /**
     * The kernels chosen.
     *
     * @param kernels ready to use; the caller closes them
     * @param slower why faster ones do not run, what that costs and what to do; empty if these are the fastest
     */
    public record Choice(Kernels kernels, Optional<String> slower) {}

    /** The best kernels for this JVM with {@code threads} threads. */
    public static Choice choose(int threads) {
        List<String> reasons = new ArrayList<>();
        for (KernelsProvider provider : providers(reasons)) {
            Optional<String> reason = provider.unavailable();
            if (reason.isEmpty()) {
                return new Choice(provider.create(threads), slower(reasons));
            }
            reasons.add(provider.name() + " kernels cannot run: " + reason.get());
        }
        return new Choice(new ScalarKernels(threads), slower(reasons));
    }

    private static Optional<String> slower(List<String> reasons) {
        return reasons.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("; ", reasons) + ". The scalar kernels give the same answers about ten times"
                        + " slower.");
    }

    private static List<KernelsProvider> providers(List<String> reasons) {
        List<KernelsProvider> found = new ArrayList<>();
        try {
            ServiceLoader.load(KernelsProvider.class, KernelsProvider.class.getClassLoader())
                    .forEach(found::add);
        } catch (ServiceConfigurationError e) {
            reasons.add("a kernel provider does not load: " + e.getMessage());
        }
        if (reasons.isEmpty()
                && found.stream()
                        .noneMatch(provider -> provider.getClass().getName().equals(VECTOR))) {
            reasons.add("the vector kernels are missing: add the artifact glasshouse-kernels-vector to the class path"
                    + " or module path");
        }
        found.sort(Comparator.comparingInt(KernelsProvider::priority).reversed());
        return found;
    }
}
