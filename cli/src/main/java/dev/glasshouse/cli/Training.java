package dev.glasshouse.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What the launcher runs once after a build, so that the JVM can keep the classes that commands load and the profiles of
 * their methods. Works on the model inside the program and prints nothing. The vector kernels stay out: the JVM refuses a
 * cache with classes of a module that is loaded late.
 */
final class Training {
    private static final String TEXT = "Once upon a time there was a little girl named Lily. She loved to play.";

    private Training() {}

    public static void main(String[] args) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Console console = new Console(nowhere, nowhere, true, false, false, 80, false);
        String[][] commands = {
            {"--help"},
            {"run", "--help"},
            {"list"},
            {"show", "tiny"},
            {"tokenize", "tiny", TEXT},
            {"score", "tiny", "--scalar", "--top", "3", TEXT},
            {"run", "tiny", "--scalar", "--raw", "-n", "60", TEXT},
            {"run", "tiny", "--scalar", "-n", "60", TEXT},
        };
        for (String[] command : commands) {
            Main.run(console, command);
        }
        System.exit(0);
    }
}
