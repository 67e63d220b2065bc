package dev.glasshouse.tokenizer;

import java.util.List;

/** One call to encode. */
final class Encoder implements AddedTokens.Sink {
    private final TokenizerSpec spec;
    private final IntList ids;
    private final Workspace workspace = new Workspace();
    private final StringBuilder run = new StringBuilder();
    private boolean first = true;

    Encoder(TokenizerSpec spec, IntList ids) {
        this.spec = spec;
        this.ids = ids;
    }

    void encode(List<TextPart> parts) {
        for (int i = 0; i < parts.size(); ) {
            boolean control = parts.get(i).control();
            int end = i + 1;
            while (end < parts.size() && parts.get(end).control() == control) {
                end++;
            }
            spec.addedTokens().partition(join(parts.subList(i, end)), control, this);
            i = end;
        }
        finishRun();
    }

    private static String join(List<TextPart> parts) {
        if (parts.size() == 1) {
            return parts.getFirst().text();
        }
        StringBuilder joined = new StringBuilder();
        for (TextPart part : parts) {
            joined.append(part.text());
        }
        return joined.toString();
    }

    @Override
    public void text(String text, int from, int to) {
        run.append(text, from, to);
    }

    @Override
    public void token(int id) {
        finishRun();
        ids.add(id);
        first = false;
    }

    private void finishRun() {
        if (run.isEmpty()) {
            return;
        }
        String text = spec.normalizer().apply(Utf8.repair(run.toString()), first);
        run.setLength(0);
        first = false;
        char[] characters = text.toCharArray();
        IntList pieces = new IntList();
        spec.splitter().split(characters, 0, characters.length, pieces);
        byte[] bytes = new byte[256];
        for (int i = 0; i < pieces.size(); i += 2) {
            int from = pieces.get(i);
            int to = pieces.get(i + 1);
            if (spec.sentencePieceSpaces()) {
                for (int at = from; at < to; at++) {
                    characters[at] = characters[at] == '\u2581' ? ' ' : characters[at];
                }
            }
            if (bytes.length / 3 < to - from) {
                bytes = new byte[Math.multiplyExact(to - from, 3)];
            }
            int length = Utf8.encode(characters, from, to, bytes);
            spec.model().encode(bytes, 0, length, workspace, ids);
        }
    }
}
