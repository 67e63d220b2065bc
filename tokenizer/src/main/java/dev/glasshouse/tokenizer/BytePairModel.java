package dev.glasshouse.tokenizer;

/**
 * BPE with a list of merges, as GPT-2 and everything after it (byte level: the first symbols are bytes), or Gemma's and Mistral's
 * tokenizer.json (the first symbols are characters, with bytes for those that the vocabulary lacks).
 *
 * <p>A word that is itself an entry is looked up first. With {@code ignore_merges} (Llama 3) that is the definition; otherwise it is taken
 * only if merging leads to the same entry, which is found out once per entry and remembered.
 */
final class BytePairModel extends PairMerger {
    /** How characters that are no entries are expressed. */
    enum Symbols {
        BYTES,
        CHARACTERS,
        CHARACTERS_ELSE_BYTES
    }

    private static final byte UNKNOWN = 0;
    private static final byte WHOLE = 1;
    private static final byte SPLIT = 2;

    private final Vocabulary vocabulary;
    private final PairTable merges;
    private final Symbols symbols;
    private final boolean ignoreMerges;
    private final int unknownId;
    private final boolean fuseUnknown;
    /** Per id whether its bytes, merged, give that id; a race writes the same value twice. */
    private final byte[] mergesToItself;

    /** @param unknownId the id for what cannot be expressed, or -1 to leave it out as llama.cpp does */
    BytePairModel(
            Vocabulary vocabulary,
            PairTable merges,
            Symbols symbols,
            boolean ignoreMerges,
            int unknownId,
            boolean fuseUnknown) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.symbols = symbols;
        this.ignoreMerges = ignoreMerges;
        this.unknownId = unknownId;
        this.fuseUnknown = fuseUnknown;
        this.mergesToItself = new byte[vocabulary.size()];
    }

    @Override
    public void encode(byte[] text, int from, int to, Workspace workspace, IntList ids) {
        int whole = vocabulary.find(text, from, to);
        if (whole >= 0) {
            if (ignoreMerges || mergesToItself[whole] == WHOLE) {
                ids.add(whole);
                return;
            }
            if (mergesToItself[whole] == UNKNOWN) {
                int before = ids.size();
                super.encode(text, from, to, workspace, ids);
                boolean same = ids.size() == before + 1 && ids.get(before) == whole;
                mergesToItself[whole] = same ? WHOLE : SPLIT;
                return;
            }
        }
        super.encode(text, from, to, workspace, ids);
    }

    @Override
    void begin(byte[] text, int from, int to, Workspace workspace) {
        for (int at = from; at < to; ) {
            int width = symbols == Symbols.BYTES ? 1 : Math.min(Utf8.width(text[at]), to - at);
            int id = symbols == Symbols.BYTES ? vocabulary.byteId(text[at]) : vocabulary.find(text, at, at + width);
            if (id < 0 && symbols == Symbols.CHARACTERS_ELSE_BYTES && allBytesKnown(text, at, at + width)) {
                for (int i = at; i < at + width; i++) {
                    workspace.symbol(vocabulary.byteId(text[i]), i, i + 1);
                }
            } else {
                workspace.symbol(id, at, at + width);
            }
            at += width;
        }
    }

    private boolean allBytesKnown(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (vocabulary.byteId(text[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    long merge(byte[] text, Workspace workspace, int left, int right) {
        return merges.find(workspace.id[left], workspace.id[right]);
    }

    @Override
    void finish(byte[] text, Workspace workspace, int symbol, IntList ids) {
        int id = workspace.id[symbol];
        if (id >= 0) {
            ids.add(id);
        } else if (unknownId >= 0) {
            int before = workspace.previous[symbol];
            if (!fuseUnknown || before < 0 || workspace.id[before] >= 0) {
                ids.add(unknownId);
            }
        }
    }
}
