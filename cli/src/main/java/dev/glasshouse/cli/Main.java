package dev.glasshouse.cli;

import dev.glasshouse.weights.GlassException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code glass} command. Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 could not be done,
 * 2 the command line was wrong, 130 stopped by Ctrl+C.
 */
public final class Main {
    static final int FAILED = 1;

    private Main() {}

    public static void main(String[] args) {
        int code = run(Console.ofProcess(), args);
        System.out.flush();
        System.err.flush();
        System.exit(code);
    }

    /** Runs one command line and returns its exit code. */
    static int run(Console console, String... args) {
        try {
            String[] dashed = dashed(args);
            return commandLine(console).execute(args.length > 0 && args[0].equals("help") ? helpOf(dashed) : dashed);
        } catch (OutOfMemoryError | StackOverflowError e) {
            console.error("the Java heap or stack is too small for this (" + e + ").\n"
                    + "  GLASS_JAVA_OPTS=-Xmx4g gives it more heap.");
            return FAILED;
        }
    }

    /** Options may be written as settings are: "--top_k" is "--top-k". */
    private static String[] dashed(String... args) {
        String[] dashed = args.clone();
        for (int i = 0; i < dashed.length && !dashed[i].equals("--"); i++) {
            int end = dashed[i].indexOf('=') < 0 ? dashed[i].length() : dashed[i].indexOf('=');
            if (dashed[i].startsWith("--")) {
                dashed[i] = dashed[i].substring(0, end).replace('_', '-') + dashed[i].substring(end);
            }
        }
        return dashed;
    }

    /** "help run" is "run --help". */
    private static String[] helpOf(String... args) {
        String[] same = Arrays.copyOfRange(args, 1, args.length + 1);
        same[args.length - 1] = "--help";
        return same;
    }

    static CommandLine commandLine(Console console) {
        CommandLine command = new CommandLine(new GlassCommand(), new Commands(console));
        for (String name : List.of("run", "explain")) {
            SamplerOptions.addTo(Objects.requireNonNull(command.getSubcommands().get(name), name)
                    .getCommandSpec());
        }
        command.setCaseInsensitiveEnumValuesAllowed(true);
        command.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
        command.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
        command.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        command.setUsageHelpAutoWidth(false);
        command.setUsageHelpWidth(Math.clamp(console.width(), 60, 120));
        command.setExecutionExceptionHandler((failure, line, result) -> report(console, failure, debug(result)));
        command.setParameterExceptionHandler((failure, arguments) -> reportUsage(console, failure));
        return command;
    }

    private static boolean debug(CommandLine.ParseResult result) {
        return result.originalArgs().contains("--debug");
    }

    private static int report(Console console, Exception failure, boolean debug) {
        if (debug) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            console.note(text.toString());
        }
        if (failure instanceof GlassException) {
            console.error(String.valueOf(failure.getMessage()));
        } else if (!debug) {
            console.error("this should not have happened: " + failure
                    + "\n  Please run the command again with --debug and report what it prints.");
        }
        return FAILED;
    }

    private static int reportUsage(Console console, ParameterException failure) {
        CommandLine line = failure.getCommandLine();
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            if (!near.isEmpty()) {
                message += "\n  Did you mean " + String.join(" or ", near.subList(0, Math.min(3, near.size()))) + "?";
            }
        }
        console.error(message + "\n  See: " + line.getCommandSpec().qualifiedName() + " --help");
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }
}
