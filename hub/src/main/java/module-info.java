/** Catalogue, sources, pull with resume, local store. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.hub {
    requires static org.jspecify;
    requires transitive dev.glasshouse.weights;
    requires java.net.http;

    exports dev.glasshouse.hub;
}
