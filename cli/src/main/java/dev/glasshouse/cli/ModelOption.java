package dev.glasshouse.cli;

import dev.glasshouse.Model;
import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.tokenizer.Tokenizer;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model that a command works on. */
final class ModelOption {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A name, as 'glass list --catalogue' shows, or hf.co/owner/repo:QUANT, pypi:PACKAGE, an address, a file.")
    private String name = "";

    @Option(names = "--accept-license", description = "Accept a licence that has conditions, without being asked.")
    private boolean acceptLicence;

    ModelOption() {}

    ModelOption(String name, boolean acceptLicence) {
        this.name = name;
        this.acceptLicence = acceptLicence;
    }

    /** As the user wrote it. */
    String name() {
        return name;
    }

    /** The model on this machine, fetched if it is not here yet. */
    InstalledModel installed(Console console) {
        try (Hub hub = Hub.open(HubSettings.ofProcess())) {
            return new Fetching(console, hub).model(name, acceptLicence);
        }
    }

    /** Only its tokenizer: the weights are not read. */
    Tokenizer tokenizer(Console console) {
        return Model.tokenizer(installed(console).path());
    }
}
