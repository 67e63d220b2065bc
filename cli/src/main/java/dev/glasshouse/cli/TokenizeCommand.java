package dev.glasshouse.cli;

import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code glass tokenize}: how a model cuts a text into tokens, with ids and bytes; and back. */
@Command(
        name = "tokenize",
        description = {
            "Show how a model cuts a text into tokens, with their ids and bytes.",
            "",
            "Without TEXT the text is read from stdin. Only the tokenizer of the model is read, not its weights."
        },
        footer = {
            "",
            "Examples:",
            "  glass tokenize tiny \"Once upon a time\"",
            "  glass tokenize tiny --decode 1 403 407",
            "  printf '\"one\"\\n\"two\"\\n' | glass tokenize tiny --jsonl"
        })
final class TokenizeCommand implements Runnable {
    private static final int MOST_BYTES_SHOWN = 16;

    private final Console console;

    @Mixin
    private final ModelOption model = new ModelOption();

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "The text; with --decode, the ids.")
    private List<String> words = List.of();

    @Option(names = "--decode", description = "The other way: from ids to text.")
    private boolean decode;

    @Option(names = "--ids", description = "Print the ids only, on one line.")
    private boolean idsOnly;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--jsonl",
            description =
                    "Read one JSON string a line from stdin (with --decode: one array of ids), print one object a line.")
    private boolean jsonLines;

    @Option(names = "--special", description = "Read control tokens such as <|im_start|> in the text as such.")
    private boolean special;

    @Option(names = "--no-bos", description = "Do not add the tokens that the model wants at begin and end.")
    private boolean noEnds;

    TokenizeCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Tokenizer tokenizer = model.tokenizer(console);
        if (jsonLines) {
            forEachLine(line -> console.json(decode ? decoded(tokenizer, line) : encoded(tokenizer, text(line))));
        } else if (decode) {
            console.out()
                    .println(tokenizer.decode(ids(words.isEmpty() ? List.of(read().split("[\\s,]+")) : words), true));
        } else {
            print(tokenizer, words.isEmpty() ? read() : String.join(" ", words));
        }
    }

    private int[] encode(Tokenizer tokenizer, String text) {
        return tokenizer.encode(List.of(new TextPart(text, special)), !noEnds);
    }

    private void print(Tokenizer tokenizer, String text) {
        if (json) {
            console.json(encoded(tokenizer, text));
            return;
        }
        int[] ids = encode(tokenizer, text);
        if (idsOnly) {
            console.out().println(Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(" ")));
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("#", "ID", "PIECE", "BYTES"));
        for (int i = 0; i < ids.length; i++) {
            rows.add(List.of(
                    String.valueOf(i),
                    String.valueOf(ids[i]),
                    TokenText.visible(tokenizer, ids[i]),
                    hex(tokenizer, ids[i])));
        }
        Table.print(console, rows);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        console.note(console.faint(String.format(
                Locale.ROOT,
                "%,d tokens, %,d characters, %,d bytes%s",
                ids.length,
                text.codePointCount(0, text.length()),
                bytes,
                ids.length == 0
                        ? ""
                        : String.format(Locale.ROOT, ", %.2f bytes a token", (double) bytes / ids.length))));
    }

    private Json encoded(Tokenizer tokenizer, String text) {
        int[] ids = encode(tokenizer, text);
        return Json.object()
                .put("ids", Arrays.stream(ids).mapToObj(Json::of).toList())
                .put(
                        "pieces",
                        Arrays.stream(ids)
                                .mapToObj(id -> Json.of(tokenizer.piece(id)))
                                .toList())
                .put(
                        "bytes",
                        Arrays.stream(ids).mapToObj(id -> bytes(tokenizer, id)).toList())
                .build();
    }

    private Json decoded(Tokenizer tokenizer, Json line) {
        int[] ids = line.asArray().stream()
                .mapToInt(id -> Math.toIntExact(id.asLong()))
                .toArray();
        return Json.object().put("text", tokenizer.decode(ids, true)).build();
    }

    private Json decoded(Tokenizer tokenizer, String line) {
        return decoded(tokenizer, Json.parse(line));
    }

    private static Json bytes(Tokenizer tokenizer, int id) {
        List<Json> values = new ArrayList<>();
        for (byte value : tokenizer.bytes(id)) {
            values.add(Json.of(value & 0xff));
        }
        return Json.of(values);
    }

    private static String hex(Tokenizer tokenizer, int id) {
        if (tokenizer.kind(id) == TokenKind.CONTROL) {
            return "control";
        }
        byte[] bytes = tokenizer.bytes(id);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(bytes.length, MOST_BYTES_SHOWN); i++) {
            text.append(i == 0 ? "" : " ").append(String.format(Locale.ROOT, "%02x", bytes[i] & 0xff));
        }
        return text + (bytes.length > MOST_BYTES_SHOWN ? " …" : "");
    }

    private static String text(String line) {
        return Json.parse(line).asString();
    }

    static int[] ids(List<String> words) {
        return words.stream()
                .flatMap(word -> Arrays.stream(word.split("[\\s,]+")))
                .filter(word -> !word.isEmpty())
                .mapToInt(word -> {
                    try {
                        return Integer.parseInt(word);
                    } catch (NumberFormatException e) {
                        throw new GlassException("'" + word + "' is not a token id: ids are whole numbers.", e);
                    }
                })
                .toArray();
    }

    private static String read() {
        return Input.all();
    }

    private interface LineUse {
        void accept(String line);
    }

    private static void forEachLine(LineUse use) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    try {
                        use.accept(line);
                    } catch (GlassException e) {
                        throw new GlassException("Line " + number + " of stdin: " + e.getMessage(), e);
                    }
                }
            }
        } catch (IOException e) {
            throw new GlassException("stdin could not be read: " + e.getMessage(), e);
        }
    }
}
