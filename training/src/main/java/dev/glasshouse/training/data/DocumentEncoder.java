package dev.glasshouse.training.data;

import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.tokenizer.WordSplit;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Text to tokens, by any thread. */
final class DocumentEncoder {
    /**
     * A document in tokens.
     *
     * @param utf8 its text
     * @param hash SHA-256 of it
     * @param trainBytes bytes of the text that goes to each side
     */
    record Encoded(byte[] utf8, byte[] hash, int[] train, int[] validation, long trainBytes, long validationBytes) {}

    private static final int[] NONE = new int[0];
    /** Characters that are encoded at a time. */
    private static final int PIECE = 1 << 20;

    private final Tokenizer tokenizer;
    private final SplitRule rule;
    private final OptionalInt end;
    private final int[] lengths;

    DocumentEncoder(Tokenizer tokenizer, SplitRule rule, boolean endsDocuments) {
        this.tokenizer = tokenizer;
        this.rule = rule;
        this.end = endsDocuments ? tokenizer.eos() : OptionalInt.empty();
        this.lengths = new int[tokenizer.size()];
        for (int id = 0; id < lengths.length; id++) {
            lengths[id] = tokenizer.bytes(id).length;
        }
    }

    Encoded encode(List<TextPart> parts) {
        String joined = text(parts);
        byte[] utf8 = joined.getBytes(StandardCharsets.UTF_8);
        byte[] hash = FileDigest.sha256().digest(utf8);
        if (utf8.length == 0) {
            return new Encoded(utf8, hash, NONE, NONE, 0, 0);
        }
        return switch (rule) {
            case SplitRule.ByHash byHash -> whole(parts, utf8, hash, side(hash, byHash.share()));
            case SplitRule.Tail tail -> {
                int cut = (int) (joined.length() * (1 - tail.share()));
                if (cut > 0 && Character.isHighSurrogate(joined.charAt(cut - 1))) {
                    cut--;
                }
                List<TextPart> head = slice(parts, 0, cut);
                List<TextPart> rest = slice(parts, cut, joined.length());
                long headBytes = joined.substring(0, cut).getBytes(StandardCharsets.UTF_8).length;
                yield new Encoded(
                        utf8,
                        hash,
                        ids(head, headBytes),
                        ids(rest, utf8.length - headBytes),
                        headBytes,
                        utf8.length - headBytes);
            }
        };
    }

    private static String text(List<TextPart> parts) {
        if (parts.size() == 1) {
            return parts.getFirst().text();
        }
        StringBuilder joined = new StringBuilder();
        parts.forEach(part -> joined.append(part.text()));
        return joined.toString();
    }

    /** The side of a document: its hash's first 53 bits, as a number below 1, against the share. */
    static Split side(byte[] hash, double share) {
        return (Hashes.word(hash, 0) >>> 11) * 0x1p-53 < share ? Split.VALIDATION : Split.TRAIN;
    }

    private Encoded whole(List<TextPart> parts, byte[] utf8, byte[] hash, Split side) {
        int[] ids = ids(parts, utf8.length);
        return side == Split.TRAIN
                ? new Encoded(utf8, hash, ids, NONE, utf8.length, 0)
                : new Encoded(utf8, hash, NONE, ids, 0, utf8.length);
    }

    private static List<TextPart> slice(List<TextPart> parts, int from, int to) {
        List<TextPart> slice = new ArrayList<>();
        int at = 0;
        for (TextPart part : parts) {
            int begin = Math.max(from, at);
            int stop = Math.min(to, at + part.text().length());
            if (begin < stop) {
                slice.add(new TextPart(part.text().substring(begin - at, stop - at), part.control()));
            }
            at += part.text().length();
        }
        return slice;
    }

    private int[] ids(List<TextPart> parts, long bytes) {
        int[] ids = tokens(parts);
        long covered = 0;
        for (int id : ids) {
            covered += lengths[id];
        }
        if (covered != bytes) {
            throw new GlassException(
                    "The tokenizer cannot express all of the text: " + (bytes - covered) + " of " + bytes
                            + " bytes of a document have no entry. Train the tokenizer on this text, or use one with all bytes.");
        }
        if (end.isPresent() && ids.length > 0 && ids[ids.length - 1] != end.getAsInt()) {
            ids = Arrays.copyOf(ids, ids.length + 1);
            ids[ids.length - 1] = end.getAsInt();
        }
        return ids;
    }

    /** A long text piece by piece, which takes a fraction of the memory and gives the same ids. */
    private int[] tokens(List<TextPart> parts) {
        if (parts.size() != 1 || parts.getFirst().control()) {
            return tokenizer.encode(parts, false);
        }
        List<int[]> pieces = new ArrayList<>();
        int count = 0;
        for (String piece : WordSplit.pieces(parts.getFirst().text(), PIECE)) {
            int[] ids = tokenizer.encode(piece, false);
            count = Math.addExact(count, ids.length);
            pieces.add(ids);
        }
        int[] all = new int[count];
        int at = 0;
        for (int[] ids : pieces) {
            System.arraycopy(ids, 0, all, at, ids.length);
            at += ids.length;
        }
        return all;
    }
}
