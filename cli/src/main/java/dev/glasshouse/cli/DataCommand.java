package dev.glasshouse.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code glass data}: the group of commands about training data. */
@Command(
        name = "data",
        description = {
            "Make, show and check training data: text cut into tokens, with a list of what it is made of.",
            "",
            "A folder of data holds shards (files of tokens), the tokenizer, and manifest.json: sources, licences, counts and"
                    + " the SHA-256 of everything. The same sources give the same bytes."
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {DataBuildCommand.class, DataShowCommand.class, DataCheckCommand.class})
final class DataCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
