package dev.glasshouse.cli;

import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.HubSettings;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code glass list}: the models on this machine, or those with short names. */
@Command(
        name = "list",
        aliases = "ls",
        description = "List the models on this machine, or with --catalogue those that have short names.")
final class ListCommand implements Runnable {
    private final Console console;

    @Option(names = "--catalogue", description = "List the models that have short names, here or not.")
    private boolean catalogue;

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    ListCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (Hub hub = Hub.open(HubSettings.ofProcess())) {
            if (catalogue) {
                listCatalogue(hub);
            } else {
                listInstalled(hub.list());
            }
        }
    }

    private void listInstalled(List<InstalledModel> models) {
        if (json) {
            models.forEach(model -> console.json(Json.object()
                    .put("name", model.name())
                    .put("path", model.path().toString())
                    .put("bytes", model.size())
                    .put("licence", model.licence().id())
                    .put("source", model.source())
                    .build()));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "SIZE", "LICENCE", "PULLED", "FROM"));
        for (InstalledModel model : models) {
            rows.add(List.of(
                    model.name(),
                    ProgressBar.bytes(model.size()),
                    model.licence().id(),
                    model.pulled()
                            .map(day -> day.substring(0, Math.min(10, day.length())))
                            .orElse("-"),
                    model.source()));
        }
        Table.print(console, rows);
        if (models.isEmpty()) {
            console.note(
                    "No model has been pulled yet. 'glass run tiny' needs none; 'glass pull smollm2' fetches one.");
        }
    }

    private void listCatalogue(Hub hub) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "LICENCE", "WHAT"));
        hub.catalogue().entries().forEach(entry -> {
            if (json) {
                console.json(Json.object()
                        .put("name", entry.name())
                        .put("publisher", entry.publisher())
                        .put("summary", entry.summary())
                        .put("licence", entry.licence().id())
                        .build());
            } else {
                rows.add(List.of(entry.name(), entry.licence().id(), entry.publisher() + ": " + entry.summary()));
            }
        });
        if (!json) {
            Table.print(console, rows);
        }
    }
}
