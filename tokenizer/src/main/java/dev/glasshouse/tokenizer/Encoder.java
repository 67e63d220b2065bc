package dev.glasshouse.tokenizer;

/** One call to encode. */
final class Encoder extends RunSplitter {
    private final TokenizerSpec spec;
    private final IntList ids;
    private final Workspace workspace = new Workspace();
    private boolean first = true;

    Encoder(TokenizerSpec spec, IntList ids) {
        super(spec.addedTokens());
        this.spec = spec;
        this.ids = ids;
    }

    @Override
    void added(int id) {
        ids.add(id);
        first = false;
    }

    @Override
    void run(String run) {
        String text = spec.normalizer().apply(Utf8.repair(run), first);
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
