package dev.glasshouse.training.data;

/** The two parts of a data set. */
public enum Split {
    /** What the weights are fitted to. */
    TRAIN,
    /** What they never see: the loss on it says how well the model does on new text. */
    VALIDATION
}
