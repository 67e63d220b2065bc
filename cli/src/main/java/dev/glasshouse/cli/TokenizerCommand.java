package dev.glasshouse.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code glass tokenizer}: the group of commands that make tokenizers. */
@Command(
        name = "tokenizer",
        description = {
            "Make a tokenizer: the list of pieces that text is cut into, learnt from text.",
            "",
            "A model never sees letters, only the ids of these pieces. 'glass tokenize' shows the pieces of a model's own tokenizer."
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = TokenizerTrainCommand.class)
final class TokenizerCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
