package dev.glasshouse.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** The entries of a vocabulary while a file is read. */
final class Entries {
    /** Names that end a generation wherever they appear; llama.cpp's list. */
    private static final Set<String> END_NAMES = Set.of(
            "<|eot_id|>",
            "<|im_end|>",
            "<|end|>",
            "<|return|>",
            "<|call|>",
            "<|flush|>",
            "<|calls|>",
            "<end_of_turn>",
            "<|endoftext|>",
            "</s>",
            "<|eom_id|>",
            "<EOT>",
            "_<EOT>",
            "[EOT]",
            "[EOS]",
            "<|end_of_text|>",
            "<end_of_utterance>",
            "<eos>",
            "<turn|>",
            "<|tool_response>",
            "<\uFF5Cend\u2581of\u2581sentence\uFF5C>",
            "[e~[",
            "<|fim_pad|>",
            "<fim-pad>",
            "<fim_pad>",
            "<PAD>",
            "[PAD]",
            "<|fim_repo|>",
            "<|repo_name|>",
            "<fim-repo>",
            "<REPO>",
            "<reponame>",
            "<|file_sep|>");

    /** Parts of gpt-oss's channel format, which is shown, not hidden. */
    private static final Set<String> SHOWN_NAMES = Set.of("<|channel|>", "<|message|>", "<|start|>", "<|constrain|>");

    final String[] names;
    final TokenKind[] kinds;
    final float[] scores;

    Entries(int size) {
        names = new String[size];
        kinds = new TokenKind[size];
        scores = new float[size];
        Arrays.fill(names, "");
        Arrays.fill(kinds, TokenKind.NORMAL);
    }

    int size() {
        return names.length;
    }

    /**
     * The ids that end a generation by their names; those that the file does not call control tokens become such. Two families use a name
     * of the list for something else: with {@code <|return|>} and {@code <|call|>} (gpt-oss), {@code <|end|>} only ends a message; beside
     * {@code <|tool_response>} (Gemma 4), {@code </s>} is text.
     */
    NavigableSet<Integer> endsByName() {
        NavigableSet<Integer> ends = new TreeSet<>();
        int end = -1;
        int closing = -1;
        boolean hasReturn = false;
        boolean hasCall = false;
        boolean hasFlush = false;
        boolean hasToolResponse = false;
        for (int id = 0; id < names.length; id++) {
            String name = names[id];
            if (name.isEmpty() || name.length() > 24) {
                continue;
            }
            if (END_NAMES.contains(name) && kinds[id] != TokenKind.UNUSED) {
                ends.add(id);
                kinds[id] = TokenKind.CONTROL;
                end = name.equals("<|end|>") ? id : end;
                closing = name.equals("</s>") ? id : closing;
                hasReturn |= name.equals("<|return|>");
                hasCall |= name.equals("<|call|>") || name.equals("<|calls|>");
                hasFlush |= name.equals("<|flush|>");
                hasToolResponse |= name.equals("<|tool_response>");
            } else if (SHOWN_NAMES.contains(name) && kinds[id] == TokenKind.CONTROL) {
                kinds[id] = TokenKind.USER_DEFINED;
            }
        }
        if (end >= 0 && hasCall && (hasReturn || hasFlush)) {
            ends.remove(end);
            kinds[end] = TokenKind.USER_DEFINED;
        }
        if (closing >= 0 && hasToolResponse) {
            ends.remove(closing);
            kinds[closing] = TokenKind.NORMAL;
        }
        return ends;
    }

    /** The entries to look for in text before it is cut: control, unknown and user-defined ones. */
    AddedTokens addedTokens() {
        List<AddedTokens.Entry> added = new ArrayList<>();
        for (int id = 0; id < names.length; id++) {
            TokenKind kind = kinds[id];
            if (kind == TokenKind.CONTROL || kind == TokenKind.UNKNOWN || kind == TokenKind.USER_DEFINED) {
                added.add(new AddedTokens.Entry(id, names[id], guarded(id), false, false, false));
            }
        }
        return new AddedTokens(added);
    }

    /**
     * Whether untrusted text may not become this entry: all control tokens, and user-defined ones that are written like control tokens
     * ({@code <|…|>}), which some files use for roles.
     */
    boolean guarded(int id) {
        return guarded(kinds[id], names[id]);
    }

    static boolean guarded(TokenKind kind, String name) {
        boolean structural = (name.startsWith("<|") || name.startsWith("<\uFF5C"))
                && (name.endsWith("|>") || name.endsWith("\uFF5C>"));
        return kind != TokenKind.USER_DEFINED || structural;
    }

    /** A byte-level vocabulary: normal entries are written in GPT-2's alphabet, all others as they are. */
    Vocabulary byteLevel() {
        byte[][] raw = new byte[names.length][];
        boolean[] searchable = new boolean[names.length];
        int[] byteIds = new int[256];
        Arrays.fill(byteIds, -1);
        for (int id = 0; id < names.length; id++) {
            boolean normal = kinds[id] == TokenKind.NORMAL;
            raw[id] = normal ? ByteLevel.bytes(names[id]) : names[id].getBytes(StandardCharsets.UTF_8);
            searchable[id] = normal;
            if (normal && raw[id].length == 1 && byteIds[raw[id][0] & 0xFF] < 0) {
                byteIds[raw[id][0] & 0xFF] = id;
            }
        }
        return new Vocabulary(names, raw, kinds, scores, searchable, byteIds);
    }

    /**
     * A vocabulary of plain text, where U+2581 stands for a space and {@code <0x41>} of kind {@link TokenKind#BYTE} for a byte.
     *
     * @param unknownSurface what an unknown entry decodes to; empty for its name
     */
    Vocabulary sentencePiece(String unknownSurface) {
        byte[][] raw = new byte[names.length][];
        boolean[] searchable = new boolean[names.length];
        int[] byteIds = new int[256];
        Arrays.fill(byteIds, -1);
        for (int id = 0; id < names.length; id++) {
            String name = names[id];
            switch (kinds[id]) {
                case BYTE -> {
                    int value = byteValue(name);
                    raw[id] = value < 0 ? name.getBytes(StandardCharsets.UTF_8) : new byte[] {(byte) value};
                    if (value >= 0 && byteIds[value] < 0) {
                        byteIds[value] = id;
                    }
                }
                case UNKNOWN ->
                    raw[id] = (unknownSurface.isEmpty() ? name : unknownSurface).getBytes(StandardCharsets.UTF_8);
                case CONTROL -> raw[id] = name.getBytes(StandardCharsets.UTF_8);
                case NORMAL, USER_DEFINED, UNUSED -> {
                    raw[id] = name.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
                    // A user-defined entry is found before text is cut, unless it is spelt with the mark for a space,
                    // which text is not.
                    boolean findable =
                            kinds[id] != TokenKind.USER_DEFINED || (name.indexOf('\u2581') >= 0 && !guarded(id));
                    searchable[id] = findable && name.indexOf(' ') < 0;
                }
            }
        }
        return new Vocabulary(names, raw, kinds, scores, searchable, byteIds);
    }

    /** The byte that {@code <0x41>} stands for, or -1. */
    static int byteValue(String name) {
        if (name.length() != 6 || !name.startsWith("<0x") || !name.endsWith(">")) {
            return -1;
        }
        int high = hex(name.charAt(3));
        int low = hex(name.charAt(4));
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static int hex(char c) {
        return c >= '0' && c <= '9'
                ? c - '0'
                : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }
}
