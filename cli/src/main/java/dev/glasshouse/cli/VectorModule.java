package dev.glasshouse.cli;

import java.lang.reflect.InvocationTargetException;

/**
 * Loads the JDK's vector module when a command first computes (docs/decisions/0002): naming it on the command line of the
 * JVM would cost each start time and a line of warning. Where the JVM does not let us, the program runs on the scalar
 * kernels, and the library says so.
 */
final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    static void load() {
        if (ModuleLayer.boot().findModule(NAME).isPresent()) {
            return;
        }
        try {
            // The door through which the JVM's own agents load modules late; the launcher exports its package to us.
            Class.forName("jdk.internal.module.Modules")
                    .getMethod("loadModule", String.class)
                    .invoke(null, NAME);
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InvocationTargetException
                | RuntimeException closed) {
            System.getLogger(VectorModule.class.getName())
                    .log(System.Logger.Level.DEBUG, "the vector module was not loaded", closed);
        }
    }
}
