/** The HTTP server: OpenAI's routes, the native ones, the page. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.server {
    requires static org.jspecify;
    requires transitive dev.glasshouse.library;
    requires dev.glasshouse.network;
    requires dev.glasshouse.stories;
    requires io.helidon.webserver;
    requires io.helidon.http;
    requires io.helidon.common.buffers;
    requires io.helidon.common.socket;
    requires io.helidon.common.concurrency.limits;
    requires java.logging;

    exports dev.glasshouse.server;
}
