package dev.glasshouse.cli;

import dev.glasshouse.Model;
import picocli.CommandLine.Command;

/** {@code glass version}: the program, the JVM, the processor and what the arithmetic runs on. */
@Command(name = "version", description = "Show the version, the Java and the kernels in use.")
final class VersionCommand implements Runnable {
    private final Console console;

    VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        console.out().println("glass    " + (version == null ? "(development)" : version));
        VectorModule.load();
        console.out()
                .println("java     " + Runtime.version() + " (" + System.getProperty("java.vendor") + "), "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors");
        console.out().println("kernels  " + Model.kernels());
    }
}
