package dev.glasshouse.server;

import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Arrays;

/** Serves the page's files: with entity tags, packed where the client takes that. */
final class StaticFiles {
    private final Assets assets;

    StaticFiles(Assets assets) {
        this.assets = assets;
    }

    /** Answers, if there is such a file. */
    boolean serve(ServerRequest request, ServerResponse response, String path, Exchange exchange) {
        var found = assets.find(path.substring(1));
        if (found.isEmpty()) {
            return false;
        }
        String method = request.prologue().method().text();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new MethodNotAllowed("GET, HEAD, OPTIONS");
        }
        Assets.Asset asset = found.get();
        ServerRequestHeaders headers = request.headers();
        boolean packed = asset.packed().length < asset.bytes().length
                && accepts(headers.first(HeaderNames.ACCEPT_ENCODING).orElse(""));
        String tag = packed ? asset.tag().replaceFirst("\"$", "-gz\"") : asset.tag();
        response.header(HeaderNames.ETAG, tag);
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        response.header(HeaderNames.VARY, "Accept-Encoding");
        response.header(HeaderNames.CONTENT_TYPE, asset.type());
        if (Arrays.stream(headers.first(HeaderNames.IF_NONE_MATCH).orElse("").split(","))
                .map(each -> each.strip().replaceFirst("^W/", ""))
                .anyMatch(each -> each.equals(tag) || each.equals("*"))) {
            response.headers().remove(HeaderNames.CONTENT_TYPE);
            response.status(Status.NOT_MODIFIED_304);
            response.send();
            return true;
        }
        if (packed) {
            response.header(HeaderNames.CONTENT_ENCODING, "gzip");
        }
        exchange.bytes(packed ? asset.packed() : asset.bytes());
        return true;
    }

    private static boolean accepts(String encodings) {
        return Arrays.stream(encodings.split(","))
                .map(String::strip)
                .anyMatch(each ->
                        each.equals("gzip") || each.startsWith("gzip;") && !each.matches("gzip;\\s*q=0(\\.0*)?"));
    }
}
