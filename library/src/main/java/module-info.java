/** The facade for Java programs. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.library {
    requires static org.jspecify;
    requires transitive dev.glasshouse.engine;
    requires transitive dev.glasshouse.chat;
    requires transitive dev.glasshouse.hub;

    exports dev.glasshouse;
}
