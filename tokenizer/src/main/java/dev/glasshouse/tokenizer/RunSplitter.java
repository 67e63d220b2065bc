package dev.glasshouse.tokenizer;

import java.util.List;

/**
 * Cuts a prompt into control tokens and the runs of text between them. Added tokens are looked for within runs of parts of equal trust;
 * text that has no token between it is one run, whatever parts it came in.
 */
abstract class RunSplitter implements AddedTokens.Sink {
    private final AddedTokens addedTokens;
    private final StringBuilder run = new StringBuilder();

    RunSplitter(AddedTokens addedTokens) {
        this.addedTokens = addedTokens;
    }

    /** A run of text, never empty. */
    abstract void run(String text);

    /** An added token. */
    abstract void added(int id);

    final void split(List<TextPart> parts) {
        for (int i = 0; i < parts.size(); ) {
            boolean control = parts.get(i).control();
            int end = i + 1;
            while (end < parts.size() && parts.get(end).control() == control) {
                end++;
            }
            addedTokens.partition(join(parts.subList(i, end)), control, this);
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
    public final void text(String text, int from, int to) {
        run.append(text, from, to);
    }

    @Override
    public final void token(int id) {
        finishRun();
        added(id);
    }

    private void finishRun() {
        if (!run.isEmpty()) {
            String text = run.toString();
            run.setLength(0);
            run(text);
        }
    }
}
