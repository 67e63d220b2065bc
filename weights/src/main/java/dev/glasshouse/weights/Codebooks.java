package dev.glasshouse.weights;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tables of the IQ types, entry after entry, from {@code codebooks.txt}. */
final class Codebooks {
    /** 256 entries of 8 values. */
    static final byte[] IQ2_XXS;
    /** 512 entries of 8 values. */
    static final byte[] IQ2_XS;
    /** 1,024 entries of 8 values. */
    static final byte[] IQ2_S;
    /** 2,048 entries of 8 values −1, 0, 1. */
    static final byte[] IQ1_S;
    /** 256 entries of 4 values. */
    static final byte[] IQ3_XXS;
    /** 512 entries of 4 values. */
    static final byte[] IQ3_S;

    /** The 16 levels of IQ4_NL and IQ4_XS. */
    static final byte[] IQ4_NL = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    static {
        List<String> lines = lines();
        IQ2_XXS = table(lines, "iq2xxs");
        IQ2_XS = table(lines, "iq2xs");
        IQ2_S = table(lines, "iq2s");
        IQ1_S = table(lines, "iq1s");
        IQ3_XXS = table(lines, "iq3xxs");
        IQ3_S = table(lines, "iq3s");
    }

    private Codebooks() {}

    private static List<String> lines() {
        try (InputStream in = Codebooks.class.getResourceAsStream("codebooks.txt")) {
            if (in == null) {
                throw new IllegalStateException("codebooks.txt is missing from the module");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] table(List<String> lines, String name) {
        int line = 0;
        while (!lines.get(line).startsWith("> " + name + " ")) {
            line++;
        }
        List<Integer> heading = new ArrayList<>();
        Arrays.stream(lines.get(line).split(" ")).skip(2).map(Integer::valueOf).forEach(heading::add);
        int values = heading.get(0);
        int bits = heading.get(1);
        StringBuilder digits = new StringBuilder();
        for (line++; line < lines.size() && !lines.get(line).startsWith(">"); line++) {
            digits.append(lines.get(line));
        }
        byte[] out = new byte[digits.length() / 4 * values];
        for (int i = 0; i < out.length; i++) {
            int start = i / values * 4;
            int entry = Integer.parseInt(digits.substring(start, start + 4), 16);
            out[i] = (byte) (int) heading.get(2 + (entry >> i % values * bits & (1 << bits) - 1));
        }
        return out;
    }
}
