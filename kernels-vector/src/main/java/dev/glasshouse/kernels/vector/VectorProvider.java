package dev.glasshouse.kernels.vector;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KernelsProvider;
import java.util.Optional;

/** Offers {@link VectorKernels}; touches no vector class before they are made, so that a missing module is no error. */
public final class VectorProvider implements KernelsProvider {
    /** For the service loader. */
    public VectorProvider() {}

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Optional<String> unavailable() {
        try {
            Class.forName("jdk.incubator.vector.Vector");
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.of("the module jdk.incubator.vector is missing; start Java with --add-modules"
                    + " jdk.incubator.vector");
        }
        String virtualMachine = System.getProperty("java.vm.info", "");
        if (virtualMachine.contains("interpreted")) {
            return Optional.of("this JVM only interprets; start Java without -Xint");
        }
        if (virtualMachine.contains("emulated-client")) {
            return Optional.of("this JVM stops at its first compiler; start Java without -XX:TieredStopAtLevel=1"
                    + " (some development launchers add it)");
        }
        return Optional.empty();
    }

    @Override
    public Kernels create(int threads) {
        unavailable().ifPresent(reason -> {
            throw new IllegalStateException(reason);
        });
        return new VectorKernels(threads);
    }
}
