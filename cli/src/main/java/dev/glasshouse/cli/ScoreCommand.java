package dev.glasshouse.cli;

import dev.glasshouse.Model;
import dev.glasshouse.engine.LogSoftmax;
import dev.glasshouse.engine.Score;
import dev.glasshouse.engine.ScoreListener;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.Npy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass score}: how likely each token of a text is to a model. */
@Command(
        name = "score",
        description = {
            "Show how likely each token of a text is to a model, given all tokens before it.",
            "",
            "Without TEXT it is read from stdin or --file. Bits say how surprised the model is: 0 not at all, 10 as by one"
                    + " in a thousand."
        },
        footer = {"", "Example:", "  glass score smollm2 --top 3 \"The sky is blue\""})
final class ScoreCommand implements Runnable {
    private final Console console;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Mixin
    private final EngineOption engine = new EngineOption();

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "The text; with --ids, token ids.")
    private List<String> words = List.of();

    @Option(names = "--file", paramLabel = "FILE", description = "Read the text from a file.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--ids", description = "TEXT is token ids.")
    private boolean ids;

    @Option(
            names = "--top",
            paramLabel = "K",
            defaultValue = "0",
            description = "Show the K likeliest at each position.")
    private int top;

    @Option(names = "--logits", paramLabel = "FILE.npy", description = "Write all logits: F32, positions × vocabulary.")
    private Optional<Path> logits = Optional.empty();

    @Option(names = "--summary", description = "Print the sums only.")
    private boolean summary;

    @Option(names = "--json", description = "Print one JSON object a position, and one with the sums.")
    private boolean json;

    @Option(names = "--verbose", description = "Print memory and settings on stderr.")
    private boolean verbose;

    ScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (top < 0) {
            throw new GlassException("--top must not be negative.");
        }
        try (Model open = engine.open(console, model.installed(console), verbose)) {
            int[] tokens = tokens(open.tokenizer());
            if (tokens.length < 2) {
                throw new GlassException(
                        "There is nothing to score: the first token has none before it, and no other is there.");
            }
            List<List<String>> rows = new ArrayList<>();
            rows.add(head());
            Score score;
            if (logits.isPresent()) {
                try (Npy.RowWriter writer = Npy.writeRows(logits.get(), tokens.length, open.vocabulary())) {
                    ScoreListener table = listener(open.tokenizer(), rows);
                    score = open.score(tokens, (position, values, next, probability) -> {
                        writer.write(values);
                        table.position(position, values, next, probability);
                    });
                }
            } else {
                score = open.score(tokens, listener(open.tokenizer(), rows));
            }
            print(rows, score);
        }
    }

    private int[] tokens(Tokenizer tokenizer) {
        if (ids) {
            return TokenizeCommand.ids(words.isEmpty() ? List.of(Input.all()) : words);
        }
        String text =
                file.isPresent() ? Input.file(file.get()) : words.isEmpty() ? Input.all() : String.join(" ", words);
        return tokenizer.encode(List.of(TextPart.plain(text)), true);
    }

    private List<String> head() {
        List<String> head = new ArrayList<>(List.of("#", "ID", "PIECE", "LOGPROB", "PROB", "BITS"));
        if (top > 0) {
            head.add("LIKELIEST");
        }
        return head;
    }

    private ScoreListener listener(Tokenizer tokenizer, List<List<String>> rows) {
        return (position, values, next, logProbability) -> {
            if (summary || next < 0) {
                return;
            }
            List<Candidate> likeliest = top == 0 ? List.of() : LogSoftmax.top(values, top);
            if (json) {
                console.json(json(tokenizer, position, next, logProbability, likeliest));
                return;
            }
            List<String> row = new ArrayList<>(List.of(
                    String.valueOf(position + 1),
                    String.valueOf(next),
                    TokenText.visible(tokenizer, next),
                    String.format(Locale.ROOT, "%.4f", logProbability),
                    percent(StrictMath.exp(logProbability)),
                    String.format(Locale.ROOT, "%.2f", -logProbability / StrictMath.log(2))));
            if (top > 0) {
                List<String> texts = new ArrayList<>();
                for (Candidate candidate : likeliest) {
                    texts.add(TokenText.visible(tokenizer, candidate.id()) + " " + percent(candidate.probability()));
                }
                row.add(String.join("  ", texts));
            }
            rows.add(row);
        };
    }

    private static Json json(
            Tokenizer tokenizer, int position, int next, double logProbability, List<Candidate> likeliest) {
        List<Json> candidates = new ArrayList<>();
        for (Candidate candidate : likeliest) {
            candidates.add(Json.object()
                    .put("id", candidate.id())
                    .put("piece", tokenizer.piece(candidate.id()))
                    .put("logprob", StrictMath.log(candidate.probability()))
                    .build());
        }
        return Json.object()
                .put("position", position + 1)
                .put("id", next)
                .put("piece", tokenizer.piece(next))
                .put("logprob", logProbability)
                .put("top", candidates)
                .build();
    }

    private void print(List<List<String>> rows, Score score) {
        if (json) {
            console.json(Json.object()
                    .put("tokens", score.tokens())
                    .put("bytes", score.bytes())
                    .put("logprob", score.logProbability())
                    .put("bits_per_byte", number(score.bitsPerByte()))
                    .put("perplexity", number(score.perplexity()))
                    .build());
            return;
        }
        if (!summary) {
            Table.print(console, rows);
            console.out().println();
        }
        console.out()
                .println(String.format(
                        Locale.ROOT,
                        "tokens %d  bytes %d  logprob %.4f  bits/byte %.4f  perplexity %.4f",
                        score.tokens(),
                        score.bytes(),
                        score.logProbability(),
                        score.bitsPerByte(),
                        score.perplexity()));
    }

    /** Null where there is none: the mean of no tokens, or of no bytes. */
    private static Json number(double value) {
        return Double.isFinite(value) ? Json.of(value) : Json.ofNull();
    }

    private static String percent(double probability) {
        return String.format(Locale.ROOT, probability < 0.0005 ? "%.4f%%" : "%.1f%%", probability * 100);
    }
}
