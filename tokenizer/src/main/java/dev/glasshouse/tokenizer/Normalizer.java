package dev.glasshouse.tokenizer;

import java.util.List;

/** Changes text before it is cut. */
interface Normalizer {
    /** @param first whether this is the beginning of the whole text, not what follows an added token */
    String apply(String text, boolean first);

    Normalizer NONE = (text, first) -> text;

    static Normalizer sequence(List<Normalizer> members) {
        List<Normalizer> copy = List.copyOf(members);
        return (text, first) -> {
            String result = text;
            for (Normalizer member : copy) {
                result = member.apply(result, first);
            }
            return result;
        };
    }

    static Normalizer replace(String what, String with) {
        return what.isEmpty() ? NONE : (text, first) -> text.replace(what, with);
    }

    static Normalizer prepend(String prefix) {
        return (text, first) -> text.isEmpty() ? text : prefix + text;
    }

    /**
     * A Unicode normalisation form. The JDK's tables serve here because normalisation of assigned characters never changes between
     * versions of Unicode; characters that Unicode 16.0 does not assign are passed through, so a newer JDK gives the same answer.
     */
    static Normalizer unicode(java.text.Normalizer.Form form) {
        return (text, first) -> {
            if (isAscii(text)) {
                return text;
            }
            StringBuilder result = new StringBuilder(text.length());
            int done = 0;
            for (int at = 0; at < text.length(); ) {
                int codePoint = text.codePointAt(at);
                int width = Character.charCount(codePoint);
                if (UnicodeClasses.of(codePoint) == UnicodeClasses.UNASSIGNED) {
                    result.append(java.text.Normalizer.normalize(text.substring(done, at), form));
                    result.appendCodePoint(codePoint);
                    done = at + width;
                }
                at += width;
            }
            return result.append(java.text.Normalizer.normalize(text.substring(done), form))
                    .toString();
        };
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
