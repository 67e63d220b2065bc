package dev.glasshouse.cli;

import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.hub.InstalledModel;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code glass rm}: delete pulled models. */
@Command(name = "rm", description = "Delete pulled models from this machine.")
final class RemoveCommand implements Runnable {
    private final Console console;

    @Parameters(paramLabel = "MODEL", arity = "1..*", description = "Names as 'glass list' shows them.")
    private List<String> models = List.of();

    RemoveCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (Hub hub = Hub.open(HubSettings.ofProcess())) {
            for (String model : models) {
                InstalledModel removed = hub.remove(model);
                console.note("removed " + removed.name() + ", " + ProgressBar.bytes(removed.size()));
            }
        }
    }
}
