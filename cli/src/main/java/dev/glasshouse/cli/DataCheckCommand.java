package dev.glasshouse.cli;

import dev.glasshouse.training.data.DataSet;
import dev.glasshouse.training.data.Manifest;
import dev.glasshouse.training.data.Split;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code glass data check}: whether data is what its manifest says. */
@Command(
        name = "check",
        description = {
            "Read all of some training data and compare it with the hashes and counts in its manifest.",
            "",
            "It ends with 0 where everything is as it was made, with 1 and the name of the file where it is not."
        })
final class DataCheckCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "DIR", description = "A folder that 'glass data build' made.")
    private Path folder = Path.of("");

    DataCheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (DataSet data = DataSet.open(folder)) {
            data.verify();
            Manifest manifest = data.manifest();
            console.out()
                    .println(folder + " is as it was made: "
                            + Numbers.whole(data.tokens(Split.TRAIN) + data.tokens(Split.VALIDATION)) + " tokens in "
                            + (manifest.train().shards().size()
                                    + manifest.validation().shards().size())
                            + " shards, SHA-256 " + data.sha256());
        }
    }
}
