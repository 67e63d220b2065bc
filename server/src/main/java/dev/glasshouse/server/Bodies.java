package dev.glasshouse.server;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import io.helidon.http.HeaderNames;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Reads the JSON of requests: of the right type, bounded, strict UTF-8. */
final class Bodies {
    /** Nesting that no request of ours needs. */
    private static final int DEPTH = 32;

    /** Larger ones are read into a tree one at a time, since the tree takes many times the memory. */
    private static final int LARGE = 256 << 10;

    /** Large ones that may arrive at the same time, and how long another one waits for its place. */
    private static final int ARRIVING = 2;

    private static final long WAIT_SECONDS = 5;

    /** Values in one body: each takes some hundred bytes of the heap, however short it is. */
    static final int VALUES = 2_000_000;

    private final int most;
    private final Semaphore large = new Semaphore(1);
    private final Semaphore arriving = new Semaphore(ARRIVING);

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
        if (request.headers().contentLength().orElse(Long.MAX_VALUE) <= LARGE) {
            return parse(bytes(request));
        }
        if (!arriving.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new ApiException(
                    ErrorCode.QUEUE_FULL, "Too many large bodies arrive at the same time. Try again in a few seconds.");
        }
        try {
            byte[] bytes = bytes(request);
            large.acquire();
            try {
                return parse(bytes);
            } finally {
                large.release();
            }
        } finally {
            arriving.release();
        }
    }

    private byte[] bytes(ServerRequest request) throws IOException {
        if (request.headers().contentLength().orElse(0) > most) {
            throw tooLarge();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        // Never closed here: that would read on behind what is wrong.
        InputStream in = request.content().inputStream();
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (bytes.size() + n > most) {
                    throw tooLarge();
                }
                bytes.write(buffer, 0, n);
            }
        } catch (RequestException e) {
            throw e.status().code() == Status.REQUEST_ENTITY_TOO_LARGE_413.code() ? tooLarge() : badChunks();
        } catch (NumberFormatException e) {
            throw badChunks();
        }
        return bytes.toByteArray();
    }

    /** How many values there are, by their commas. */
    private static int values(byte[] json) {
        int commas = 0;
        boolean text = false;
        for (int i = 0; i < json.length; i++) {
            switch (json[i]) {
                case '"' -> text = !text;
                case '\\' -> i += text ? 1 : 0;
                case ',' -> commas += text ? 0 : 1;
                default -> {}
            }
        }
        return commas + 1;
    }

    private static ApiException badChunks() {
        return ApiException.bad("The body is not cut into chunks as HTTP/1.1 has them.");
    }

    private ApiException tooLarge() {
        return new ApiException(ErrorCode.TOO_LARGE, "The body has more than the " + most + " bytes allowed.");
    }

    private static Json parse(byte[] bytes) {
        if (bytes.length > LARGE && values(bytes) > VALUES) {
            throw new ApiException(ErrorCode.TOO_LARGE, "The body has more than " + VALUES + " values.");
        }
        try {
            return Json.parse(bytes, new Json.Limits(DEPTH, bytes.length));
        } catch (GlassException e) {
            throw new ApiException(ErrorCode.BAD_JSON, String.valueOf(e.getMessage()));
        }
    }
}
