/** Text to ids and back. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.tokenizer {
    requires static org.jspecify;
    requires transitive dev.glasshouse.weights;

    exports dev.glasshouse.tokenizer;
}
