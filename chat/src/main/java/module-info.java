/** Jinja chat templates, roles. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.chat {
    requires static org.jspecify;
    requires transitive dev.glasshouse.tokenizer;

    exports dev.glasshouse.chat;
}
