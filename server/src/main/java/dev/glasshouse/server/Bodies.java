package dev.glasshouse.server;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/** Reads the JSON of requests: of the right type, bounded, strict UTF-8. */
final class Bodies {
    /** Nesting that no request of ours needs. */
    private static final int DEPTH = 32;

    /** Larger ones are read into a tree one at a time, since the tree takes many times the memory. */
    private static final int LARGE = 256 << 10;

    private final int most;
    private final Semaphore large = new Semaphore(1);

    Bodies(int most) {
        this.most = most;
    }

    /** @throws ApiException for all that may be wrong with a body */
    Json read(ServerRequest request) throws IOException, InterruptedException {
        String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!media.equals("application/json")) {
            throw ApiException.bad("The body must be JSON: send the header Content-Type: application/json.")
                    .withStatus(415);
        }
        byte[] bytes = bytes(request);
        if (bytes.length <= LARGE) {
            return parse(bytes);
        }
        large.acquire();
        try {
            return parse(bytes);
        } finally {
            large.release();
        }
    }

    private byte[] bytes(ServerRequest request) throws IOException {
        if (request.headers().contentLength().orElse(0) > most) {
            throw tooLarge();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try (InputStream in = request.content().inputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (bytes.size() + n > most) {
                    throw tooLarge();
                }
                bytes.write(buffer, 0, n);
            }
        }
        return bytes.toByteArray();
    }

    private ApiException tooLarge() {
        return new ApiException(ErrorCode.TOO_LARGE, "The body has more than the " + most + " bytes allowed.");
    }

    private static Json parse(byte[] bytes) {
        try {
            return Json.parse(bytes, new Json.Limits(DEPTH, bytes.length));
        } catch (GlassException e) {
            throw new ApiException(ErrorCode.BAD_JSON, String.valueOf(e.getMessage()));
        }
    }
}
