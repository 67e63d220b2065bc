package dev.glasshouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.weights.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What the files of the page promise: weight, libraries, languages, no text and no address in the code. */
class PageFilesTest {
    private static final Path WEB = Path.of("..", "server", "src", "main", "resources", "web");
    private static final long MOST_BYTES = 105 * 1024;
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    private static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(WEB)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static boolean isPage(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".js")
                || name.endsWith(".mjs")
                || name.endsWith(".css")
                || name.endsWith(".html")
                || name.endsWith(".json")
                || name.endsWith(".svg");
    }

    @Test
    void allFilesOfOneLanguageWeighAtMost105KilobytesPacked() throws IOException {
        for (String other : List.of("de.json", "en.json")) {
            long sum = 0;
            for (Path file : files()) {
                if (isPage(file) && !file.getFileName().toString().equals(other)) {
                    sum += packed(file);
                }
            }
            assertThat(sum).as("bytes without %s", other).isLessThanOrEqualTo(MOST_BYTES);
        }
    }

    private static long packed(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(Files.readAllBytes(file));
        }
        return bytes.size();
    }

    /** Lines of vendor/LOCK: name, version, licence, SHA-256, path below the page. */
    @Test
    void librariesAreWhatTheLockSays() throws Exception {
        List<Path> locked = new ArrayList<>();
        for (String line : Files.readAllLines(WEB.resolve("vendor/LOCK"))) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+");
            assertThat(words).as(line).hasSize(5);
            Path file = WEB.resolve(words[4]);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            assertThat(HexFormat.of().formatHex(hash)).as(line).isEqualTo(words[3]);
            locked.add(file.normalize());
        }
        for (Path file : files()) {
            if (file.startsWith(WEB.resolve("vendor")) && file.toString().matches(".*\\.m?js")) {
                assertThat(locked).contains(file.normalize());
            }
        }
    }

    @Test
    void bothLanguagesSayTheSameThings() throws IOException {
        Map<String, String> english = texts("en");
        Map<String, String> german = texts("de");
        assertThat(german.keySet()).isEqualTo(english.keySet());
        english.forEach((key, text) -> {
            assertThat(german.get(key)).as(key).isNotBlank();
            assertThat(placeholders(german.get(key))).as(key).isEqualTo(placeholders(text));
        });
    }

    private static SortedSet<String> placeholders(String text) {
        SortedSet<String> found = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static SortedMap<String, String> texts(String language) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        flatten("", Json.parse(Files.readString(WEB.resolve("i18n/" + language + ".json"))), texts);
        return texts;
    }

    private static void flatten(String prefix, Json json, Map<String, String> into) {
        switch (json) {
            case Json.ObjectValue object ->
                object.members().forEach((key, value) -> flatten(prefix + "." + key, value, into));
            case Json.ArrayValue array -> {
                for (int i = 0; i < array.elements().size(); i++) {
                    flatten(prefix + "." + i, array.elements().get(i), into);
                }
            }
            default -> into.put(prefix, json.asString());
        }
    }

    /** Text for people stands between the tags of a template, or in a label; it comes from the languages' files. */
    @Test
    void thereIsNoTextInTheCode() throws IOException {
        Pattern betweenTags = Pattern.compile(">\\s*([A-Za-zÄÖÜäöü][\\w ,.'’-]*[a-zäöü]{2}[^<$`{};=]*)<");
        Pattern labels = Pattern.compile("(?:aria-label|title|placeholder|alt)=\"([^\"$]*[A-Za-z]{2}[^\"]*)\"");
        List<String> found = new ArrayList<>();
        for (Path file : files()) {
            if (file.toString().endsWith(".js") && !file.startsWith(WEB.resolve("vendor"))) {
                String code =
                        Files.readString(file).replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
                for (Pattern pattern : List.of(betweenTags, labels)) {
                    Matcher matcher = pattern.matcher(code);
                    while (matcher.find()) {
                        found.add(WEB.relativize(file) + ": " + matcher.group(1).strip());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }

    /** The policy forbids inline scripts, inline styles and other machines; the code does not try. */
    @Test
    void nothingComesFromElsewhere() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files()) {
            if (!isPage(file) || file.startsWith(WEB.resolve("vendor"))) {
                continue;
            }
            String code = Files.readString(file);
            for (String forbidden : List.of(
                    "src=\"http", "src=\"//", "@import", "innerHTML", "dangerouslySetInnerHTML", "eval(", "style=\"")) {
                if (code.contains(forbidden)) {
                    found.add(WEB.relativize(file) + ": " + forbidden);
                }
            }
            if (Pattern.compile("(?:fetch|import)\\(['\"`]https?:")
                    .matcher(code)
                    .find()) {
                found.add(WEB.relativize(file) + ": a request to another machine");
            }
        }
        assertThat(found).isEmpty();
    }
}
