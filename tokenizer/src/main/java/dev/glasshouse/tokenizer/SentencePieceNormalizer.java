package dev.glasshouse.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * SentencePiece's normalisation (normalizer.cc): character mapping, a space before (or after) the text, and runs of spaces as one with none
 * at the ends where the model wants so.
 */
final class SentencePieceNormalizer implements Normalizer {
    private final CharacterMap map;
    private final boolean addSpace;
    private final boolean squeeze;
    private final boolean spaceAsSuffix;

    /** @param charsmap the model's {@code precompiled_charsmap}, empty for none */
    SentencePieceNormalizer(byte[] charsmap, boolean addSpace, boolean squeeze, boolean spaceAsSuffix) {
        this.map = new CharacterMap(charsmap);
        this.addSpace = addSpace;
        this.squeeze = squeeze;
        this.spaceAsSuffix = spaceAsSuffix;
    }

    @Override
    public String apply(String text, boolean first) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream mapped = new ByteArrayOutputStream(in.length + 16);
        CharacterMap.Cursor cursor = map.cursor(in);
        boolean afterSpace = squeeze;
        boolean begun = false;
        // Spaces are held back until something follows, so that none is left at the end.
        int held = 0;
        while (cursor.next()) {
            for (int i = cursor.from(); i < cursor.to(); i++) {
                byte b = cursor.source()[i];
                if (b == ' ' && squeeze && (afterSpace || !begun)) {
                    continue;
                }
                if (!begun) {
                    begun = true;
                    if (addSpace && !spaceAsSuffix && first) {
                        mapped.write(' ');
                    }
                }
                if (b == ' ' && squeeze) {
                    held = 1;
                    afterSpace = true;
                    continue;
                }
                for (; held > 0; held--) {
                    mapped.write(' ');
                }
                afterSpace = false;
                mapped.write(b);
            }
        }
        if (begun && addSpace && spaceAsSuffix) {
            mapped.write(' ');
        }
        return mapped.toString(StandardCharsets.UTF_8);
    }
}
