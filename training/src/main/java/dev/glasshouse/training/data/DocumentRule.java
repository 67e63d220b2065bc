package dev.glasshouse.training.data;

/** What a document is in a text file. */
public enum DocumentRule {
    /** The whole file. */
    FILE("file"),
    /** What lies between blank lines. */
    BLANK_LINES("blank lines"),
    /** What lies between the words {@code <|endoftext|>}. */
    END_MARK("end mark");

    /** The mark of {@link #END_MARK}. */
    public static final String MARK = "<|endoftext|>";

    private final String label;

    DocumentRule(String label) {
        this.label = label;
    }

    /** The name in the manifest. */
    public String label() {
        return label;
    }
}
