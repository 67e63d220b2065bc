package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GgufFile;
import dev.glasshouse.weights.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Throughput of the scanners and of whole encoding, by hand and on one thread:
 * {@code java -cp … dev.glasshouse.tokenizer.TokenizerSpeed VOCABULARY TEXT}, the vocabulary a tokenizer.json or a GGUF file.
 */
final class TokenizerSpeed {
    private TokenizerSpeed() {}

    public static void main(String[] arguments) throws Exception {
        byte[] utf8 = Files.readAllBytes(Path.of(arguments[1]));
        String text = new String(utf8, StandardCharsets.UTF_8);
        char[] characters = text.toCharArray();
        for (int round = 0; round < 3; round++) {
            report("gpt2", new Scanner.Gpt2(), characters, utf8.length);
            report("llama3", new Scanner.Cl100k(3, false), characters, utf8.length);
            report("qwen2", new Scanner.Cl100k(1, false), characters, utf8.length);
            report("o200k", new Scanner.O200k(3, true), characters, utf8.length);
            long begin = System.nanoTime();
            Tokenizer tokenizer = load(Path.of(arguments[0]));
            System.out.println("load " + (System.nanoTime() - begin) / 1_000_000 + " ms");
            for (int i = 0; i < 3; i++) {
                long start = System.nanoTime();
                int ids = tokenizer.encode(text, false).length;
                System.out.println(
                        "encode " + ids + " ids " + megabytesASecond(utf8.length, System.nanoTime() - start));
            }
        }
    }

    private static Tokenizer load(Path file) throws Exception {
        if (!file.toString().endsWith(".gguf")) {
            return Tokenizer.ofTokenizerJson(Json.parse(Files.readAllBytes(file)));
        }
        try (GgufFile gguf = GgufFile.open(file)) {
            return Tokenizer.of(gguf.metadata());
        }
    }

    private static void report(String name, PreTokenizer scanner, char[] text, int bytes) {
        long start = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            scanner.split(text, 0, text.length, new IntList());
        }
        System.out.println(name + " " + megabytesASecond(5L * bytes, System.nanoTime() - start));
    }

    private static String megabytesASecond(long bytes, long nanoseconds) {
        return 1_000 * bytes / nanoseconds + " MB/s";
    }
}
