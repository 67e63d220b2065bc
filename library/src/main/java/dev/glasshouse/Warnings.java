package dev.glasshouse;

import dev.glasshouse.engine.EngineFacts;
import dev.glasshouse.kernels.JvmHealth;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Says why a model runs slower than it could on this JVM. */
final class Warnings {
    private static final Set<String> LOGGED = ConcurrentHashMap.newKeySet();

    private Warnings() {}

    /** Logs a warning, once in a process. */
    static void log(String warning) {
        if (LOGGED.add(warning)) {
            System.getLogger("dev.glasshouse").log(System.Logger.Level.WARNING, warning);
        }
    }

    /** Tells what is wrong with the JVM, and with the kernels where that does not explain them already. */
    static void tell(EngineFacts facts, Consumer<String> listener) {
        Set<String> texts = new LinkedHashSet<>();
        JvmHealth.check().forEach(finding -> texts.add(finding.text()));
        if (texts.isEmpty()) {
            facts.slower().ifPresent(texts::add);
        }
        texts.forEach(listener);
    }
}
