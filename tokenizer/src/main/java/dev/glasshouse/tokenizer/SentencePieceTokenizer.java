package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalInt;

/**
 * Reads a SentencePiece model: the message {@code ModelProto} of sentencepiece_model.proto. Fields: 1 pieces (1 text, 2 score, 3 type), 2
 * trainer specification (3 model type, 24 treat_whitespace_as_suffix, 35 byte_fallback, 40–43 ids of unknown, BOS, EOS, 44 unk_surface), 3
 * normaliser specification (2 charsmap, 3 add_dummy_prefix, 4 remove_extra_whitespaces).
 */
final class SentencePieceTokenizer {
    private static final int UNIGRAM = 1;
    private static final int BPE = 2;

    private record Piece(String text, float score, long type) {}

    private final List<Piece> pieces = new ArrayList<>();
    private long modelType = UNIGRAM;
    private boolean spaceAsSuffix;
    private boolean byteFallback;
    private long bos = 1;
    private long eos = 2;
    private String unknownSurface = " \u2047 ";
    private byte[] charsmap = new byte[0];
    private boolean addSpace = true;
    private boolean squeeze = true;

    SentencePieceTokenizer(byte[] model) {
        ProtobufReader reader = new ProtobufReader(model);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> pieces.add(piece(reader.message()));
                case 2 -> trainer(reader.message());
                case 3 -> normalizer(reader.message());
                default -> {}
            }
        }
    }

    private static Piece piece(ProtobufReader reader) {
        String text = "";
        float score = 0;
        long type = 1;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> text = reader.string();
                case 2 -> score = reader.float32();
                case 3 -> type = reader.number();
                default -> {}
            }
        }
        if (!Float.isFinite(score)) {
            throw new GlassException(
                    "The SentencePiece model is broken: the score of \"" + text + "\" is " + score + ".");
        }
        return new Piece(text, score, type);
    }

    private void trainer(ProtobufReader reader) {
        while (reader.next()) {
            switch (reader.field()) {
                case 3 -> modelType = reader.number();
                case 24 -> spaceAsSuffix = reader.bool();
                case 35 -> byteFallback = reader.bool();
                case 41 -> bos = (int) reader.number();
                case 42 -> eos = (int) reader.number();
                case 44 -> unknownSurface = reader.string();
                default -> {}
            }
        }
    }

    private void normalizer(ProtobufReader reader) {
        while (reader.next()) {
            switch (reader.field()) {
                case 2 -> charsmap = reader.content();
                case 3 -> addSpace = reader.bool();
                case 4 -> squeeze = reader.bool();
                default -> {}
            }
        }
    }

    TokenizerSpec load() {
        Entries entries = new Entries(pieces.size());
        int unknown = -1;
        for (int id = 0; id < pieces.size(); id++) {
            entries.names[id] = pieces.get(id).text();
            entries.scores[id] = pieces.get(id).score();
            entries.kinds[id] = GgufTokenizer.kind(pieces.get(id).type());
            unknown = entries.kinds[id] == TokenKind.UNKNOWN ? id : unknown;
        }
        NavigableSet<Integer> ends = entries.endsByName();
        special(eos).ifPresent(ends::add);
        Vocabulary vocabulary = entries.sentencePiece(unknownSurface);
        SubwordModel model;
        if (modelType == UNIGRAM) {
            model = new UnigramModel(vocabulary, unknown, byteFallback);
        } else if (modelType == BPE) {
            model = new ScoredPairModel(vocabulary, unknown, byteFallback);
        } else {
            throw new GlassException("The SentencePiece model is of type " + modelType
                    + " (3 is words, 4 is characters); supported are BPE and unigram.");
        }
        return new TokenizerSpec(
                vocabulary,
                entries.addedTokens(),
                new SentencePieceNormalizer(charsmap, addSpace, squeeze, spaceAsSuffix),
                PreTokenizer.WHOLE,
                model,
                true,
                addSpace || squeeze,
                squeeze,
                special(bos),
                special(eos),
                true,
                false,
                ends);
    }

    private OptionalInt special(long id) {
        return id >= 0 && id < pieces.size() ? OptionalInt.of((int) id) : OptionalInt.empty();
    }
}
