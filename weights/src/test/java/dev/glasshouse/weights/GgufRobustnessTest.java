package dev.glasshouse.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The module's tests run in 256 MB of heap, so that a count believed too early shows. */
class GgufRobustnessTest {
    private static Map<String, byte[]> files = Map.of();

    @TempDir
    Path folder;

    @BeforeAll
    static void untar() {
        files = TestFiles.untar("gguf-robustness.tar.gz");
    }

    static Stream<Arguments> verdicts() {
        String index = new String(
                TestFiles.untar("gguf-robustness.tar.gz").getOrDefault("INDEX.tsv", new byte[0]),
                StandardCharsets.UTF_8);
        return index.lines().skip(1).map(line -> line.split("\t")).map(f -> Arguments.of(f[0], f[1], f[2]));
    }

    @Test
    void thereAreNinetyNine() {
        assertThat(verdicts()).hasSize(99);
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void verdictsAreThoseOfTheIndex(String name, String header, String whole) throws IOException {
        byte[] bytes = files.getOrDefault(name, new byte[0]);
        assertThat(verdict(() -> parse(bytes))).as("header").isEqualTo(header);
        Path file = Files.write(folder.resolve(name), bytes);
        assertThat(verdict(() -> ModelFile.open(file).close())).as("whole file").isEqualTo(whole);
    }

    private static String verdict(Runnable reading) {
        try {
            reading.run();
            return "accept";
        } catch (GlassException e) {
            assertThat(e.getMessage()).endsWith(".").hasSizeGreaterThan(20);
            return "reject";
        }
    }

    private static GgufHeader parse(byte[] bytes) {
        GgufHeader.Result result = GgufHeader.parse(MemorySegment.ofArray(bytes), OptionalLong.of(bytes.length));
        return ((GgufHeader.Complete) result).header();
    }

    /** Reads everything a reader would; returns whether the file was accepted. */
    private static boolean survives(byte[] bytes) {
        try {
            GgufHeader header = parse(bytes);
            GgufChecks.check(header.metadata(), List.of(header));
            header.metadata().keys().forEach(header.metadata()::describe);
            ModelFacts.of(header, bytes.length);
            header.metadata().strings("tokenizer.ggml.tokens");
            return true;
        } catch (GlassException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stories260K-Q4_0.gguf", "DATA_CUSTOM_ALIGN.1.gguf"})
    void damagedFilesEndInAMessageOrAreRead(String name) {
        byte[] whole = files.containsKey(name) ? files.getOrDefault(name, new byte[0]) : TestFiles.bytes(name);
        byte[] good = Arrays.copyOf(whole, Math.min(whole.length, 16_384));
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            if (i % 4 == 0) {
                bad = Arrays.copyOf(bad, random.nextInt(bad.length));
            }
            for (int flips = random.nextInt(1, 8); flips > 0 && bad.length > 0; flips--) {
                int at = random.nextInt(bad.length);
                switch (random.nextInt(3)) {
                    case 0 -> bad[at] = (byte) random.nextInt();
                    case 1 -> bad[at] ^= (byte) (1 << random.nextInt(8));
                    default -> Arrays.fill(bad, at, Math.min(at + 8, bad.length), (byte) -random.nextInt(2));
                }
            }
            try {
                refused += survives(bad) ? 0 : 1;
            } catch (RuntimeException e) {
                fail("damage " + i + " of " + name, e);
            }
        }
        assertThat(refused).isBetween(5_000, 19_999);
    }

    @Test
    void anyPrefixSaysHowMuchMoreItNeeds() {
        byte[] bytes = TestFiles.bytes("stories260K-Q4_0.gguf");
        long known = 1;
        int rounds = 0;
        while (true) {
            MemorySegment prefix = MemorySegment.ofArray(Arrays.copyOf(bytes, (int) known));
            GgufHeader.Result result = GgufHeader.parse(prefix, OptionalLong.of(bytes.length));
            if (result instanceof GgufHeader.Complete complete) {
                assertThat(complete.header().endOfData()).isLessThanOrEqualTo(bytes.length);
                assertThat(complete.header().tensors())
                        .isEqualTo(parse(bytes).tensors())
                        .hasSize(48);
                break;
            }
            long needed = ((GgufHeader.Incomplete) result).bytesNeeded();
            assertThat(needed).isGreaterThan(known).isLessThanOrEqualTo(bytes.length);
            known = needed;
            rounds++;
        }
        assertThat(rounds).isBetween(1, 20);
    }
}
