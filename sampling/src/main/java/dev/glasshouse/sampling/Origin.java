package dev.glasshouse.sampling;

/** Where a setting's value came from, the strongest first. */
public enum Origin {
    USER("you"),
    MODEL_FILE("model file"),
    CATALOGUE("catalogue"),
    BUILT_IN("built-in");

    private final String label;

    Origin(String label) {
        this.label = label;
    }

    /** For people. */
    public String label() {
        return label;
    }
}
