package dev.glasshouse.cli;

import dev.glasshouse.stories.Document;
import dev.glasshouse.stories.Odds;
import dev.glasshouse.stories.StoryTeller;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code glass stories}: what the model inside this program was trained on. */
@Command(
        name = "stories",
        description = {
            "Tell the stories that the model inside this program was trained on.",
            "",
            "A small simulated world tells them: every story has one derivation, so it is known which of its letters had to come"
                    + " and which were chosen, with what odds. That gives the exact entropy of the text, which no model can"
                    + " stay below. The texts are CC0-1.0."
        },
        footer = {
            "",
            "Examples:",
            "  glass stories -n 3",
            "  glass stories --odds                    what was forced and what was chosen",
            "  glass stories --after \"Once upon a\"     what may come next, with its odds",
            "  glass stories exam story/model/model.gguf   how well a model learnt this world"
        },
        synopsisSubcommandLabel = "[COMMAND]",
        commandListHeading = "%nCommands:%n",
        subcommands = StoriesExamCommand.class)
final class StoriesCommand implements Runnable {
    private static final int MOST = 1_000_000;

    private final Console console;

    @Option(names = "-n", paramLabel = "N", defaultValue = "1", description = "How many (1).")
    private int count;

    @Option(names = "--from", paramLabel = "I", description = "The number of the first (0).")
    private long from;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "" + TrainingPreset.STORY_SEED,
            description = "Another seed tells other stories (" + TrainingPreset.STORY_SEED + ", the model's).")
    private long seed;

    @Option(
            names = "--held-out",
            description = "Stories of combinations that training never sees: what models are measured on.")
    private boolean heldOut;

    @Option(names = "--odds", description = "Mark what was chosen, with its information in bits.")
    private boolean odds;

    @Option(names = "--after", paramLabel = "TEXT", description = "Print what may come after the beginning of a text.")
    private Optional<String> after = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object a story: text, bits, pieces.")
    private boolean json;

    StoriesCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (after.isPresent()) {
            next(Odds.after(after.get()));
            return;
        }
        if (count < 1 || count > MOST || from < 0) {
            throw new GlassException("-n must be from 1 to " + MOST + ", --from not negative.");
        }
        StoryTeller teller = new StoryTeller(seed);
        for (long i = from; i < from + count; i++) {
            Document document = heldOut ? teller.heldOut(i) : teller.document(i);
            if (json) {
                console.json(json(document));
                continue;
            }
            if (i > from) {
                console.out().println();
            }
            for (String line : StoryPicture.lines(document, odds, console.canvas())) {
                console.out().println(line);
            }
        }
    }

    private static Json json(Document document) {
        List<Json> pieces = document.pieces().stream()
                .map(piece -> (Json) Json.object()
                        .put("text", document.text().substring(piece.start(), piece.end()))
                        .put("forced", piece.forced())
                        .put("choice", piece.label())
                        .put("bits", piece.bits())
                        .build())
                .toList();
        return Json.object()
                .put("text", document.text())
                .put("bits", document.bits())
                .put("form", document.form().name().toLowerCase(java.util.Locale.ROOT))
                .put("pieces", pieces)
                .build();
    }

    private void next(Odds next) {
        if (json) {
            console.json(Json.object()
                    .put("choice", next.label())
                    .put(
                            "next",
                            next.next().stream()
                                    .map(each -> (Json) Json.object()
                                            .put("text", each.text())
                                            .put("p", each.odds())
                                            .build())
                                    .toList())
                    .build());
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ODDS", "NEXT"));
        for (Odds.Next each : next.next()) {
            rows.add(List.of(
                    Columns.right(Canvas.percent(each.odds()), 6),
                    each.text().replace(' ', '␣').replace("\n", "↵")));
        }
        if (rows.size() == 1) {
            console.out().println("nothing: the text is complete");
            return;
        }
        Table.print(console, rows);
    }
}
