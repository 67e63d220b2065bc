package dev.glasshouse.sampling;

import dev.glasshouse.weights.GlassException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The stages whose order can be chosen, in llama.cpp's default order, with its names, letters and aliases. */
public enum StageKind {
    PENALTIES("penalties", 'e', ""),
    DRY("dry", 'd', ""),
    TOP_N_SIGMA("top_n_sigma", 's', ""),
    TOP_K("top_k", 'k', ""),
    TYPICAL_P("typ_p", 'y', "typical typicalp typ"),
    TOP_P("top_p", 'p', "nucleus"),
    MIN_P("min_p", 'm', ""),
    XTC("xtc", 'x', ""),
    TEMPERATURE("temperature", 't', "temp"),
    /** Wherever it stands in the order, it comes last and picks. */
    ADAPTIVE_P("adaptive_p", 'a', "");

    private final String fullName;
    private final char letter;
    private final String aliases;

    StageKind(String fullName, char letter, String aliases) {
        this.fullName = fullName;
        this.letter = letter;
        this.aliases = " " + aliases + " ";
    }

    /** llama.cpp's default: all but {@link #ADAPTIVE_P}. */
    public static List<StageKind> defaultOrder() {
        return List.of(PENALTIES, DRY, TOP_N_SIGMA, TOP_K, TYPICAL_P, TOP_P, MIN_P, XTC, TEMPERATURE);
    }

    /** The name in lists: "top_k". */
    public String fullName() {
        return fullName;
    }

    /** The letter in short lists such as "edskypmxt". */
    public char letter() {
        return letter;
    }

    /** By name, in any case, with underscores, hyphens or neither, or by alias. */
    public static Optional<StageKind> find(String name) {
        String wanted = bare(name);
        for (StageKind kind : values()) {
            if (bare(kind.fullName).equals(wanted)
                    || (!wanted.isEmpty() && kind.aliases.contains(" " + wanted + " "))) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /**
     * A list of names separated by semicolons or commas, or a word of letters.
     *
     * @throws GlassException for an unknown name or letter, naming all that are known
     */
    public static List<StageKind> parseOrder(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            return List.of();
        }
        if (trimmed.indexOf(';') < 0
                && trimmed.indexOf(',') < 0
                && find(trimmed).isEmpty()) {
            return trimmed.chars().mapToObj(c -> byLetter((char) c)).toList();
        }
        return List.of(trimmed.split("[;,]")).stream()
                .map(name -> find(name.strip()).orElseThrow(() -> unknown(name.strip())))
                .toList();
    }

    private static StageKind byLetter(char letter) {
        for (StageKind kind : values()) {
            if (kind.letter == letter) {
                return kind;
            }
        }
        throw unknown(String.valueOf(letter));
    }

    private static GlassException unknown(String name) {
        StringBuilder known = new StringBuilder();
        for (StageKind kind : values()) {
            known.append(known.isEmpty() ? "" : ", ")
                    .append(kind.fullName)
                    .append(" (")
                    .append(kind.letter)
                    .append(')');
        }
        return new GlassException("There is no sampler stage \"" + name + "\". Known are: " + known + ".");
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }
}
