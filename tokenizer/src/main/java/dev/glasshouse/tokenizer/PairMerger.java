package dev.glasshouse.tokenizer;

/**
 * Byte-pair encoding (Sennrich et al. 2016) in O(n log n): begin with small symbols, and of all neighbouring pairs that may merge take the
 * one with the best priority, the leftmost among equals, until none is left. What the symbols are and which pairs merge is the subclass's.
 */
abstract class PairMerger implements SubwordModel {
    /** An id for a symbol that is no entry of the vocabulary. */
    static final int NONE = -1;

    private static final int GONE = -2;

    /** Fills the workspace with the first symbols of {@code text[from, to)}. */
    abstract void begin(byte[] text, int from, int to, Workspace workspace);

    /** {@code priority << 32 | id of the merged symbol} for two neighbours, or -1 if they do not merge. */
    abstract long merge(byte[] text, Workspace workspace, int left, int right);

    /** Appends the ids of one finished symbol. */
    abstract void finish(byte[] text, Workspace workspace, int symbol, IntList ids);

    /** Called before two neighbours become the entry {@code id}. */
    void merged(int id, Workspace workspace, int left, int right) {}

    @Override
    public void encode(byte[] text, int from, int to, Workspace workspace, IntList ids) {
        workspace.clear();
        begin(text, from, to, workspace);
        int count = workspace.symbols;
        if (count == 0) {
            return;
        }
        workspace.next[count - 1] = -1;
        for (int left = 0; left + 1 < count; left++) {
            offer(text, workspace, left, left + 1);
        }
        while (!workspace.heapIsEmpty()) {
            long entry = workspace.pop();
            int left = (int) entry;
            if (workspace.id[left] == GONE) {
                continue;
            }
            int right = workspace.next[left];
            if (right < 0) {
                continue;
            }
            long merge = merge(text, workspace, left, right);
            if (merge < 0 || merge >>> 32 != entry >>> 32) {
                continue;
            }
            merged((int) merge, workspace, left, right);
            workspace.id[left] = (int) merge;
            workspace.end[left] = workspace.end[right];
            workspace.id[right] = GONE;
            int after = workspace.next[right];
            workspace.next[left] = after;
            if (after >= 0) {
                workspace.previous[after] = left;
                offer(text, workspace, left, after);
            }
            if (workspace.previous[left] >= 0) {
                offer(text, workspace, workspace.previous[left], left);
            }
        }
        for (int symbol = 0; symbol >= 0; symbol = workspace.next[symbol]) {
            finish(text, workspace, symbol, ids);
        }
    }

    private void offer(byte[] text, Workspace workspace, int left, int right) {
        long merge = merge(text, workspace, left, right);
        if (merge >= 0) {
            workspace.push((merge >>> 32 << 32) | left);
        }
    }
}
