package dev.glasshouse.server;

import java.util.Locale;

/** What can be wrong with a request: the {@code code} of an error and the HTTP status it comes with. */
enum ErrorCode {
    BAD_JSON(400),
    BAD_REQUEST(400),
    UNAUTHORIZED(401),
    FORBIDDEN_HOST(403),
    FORBIDDEN_ORIGIN(403),
    NOT_FOUND(404),
    NO_MODEL(404),
    NO_SESSION(404),
    NO_NODE(404),
    METHOD_NOT_ALLOWED(405),
    CONTEXT_FULL(400),
    TOO_LARGE(413),
    QUEUE_FULL(429),
    LICENSE_NOT_ACCEPTED(403),
    TRACE_INVALID(400),
    TRACE_OTHER_MODEL(409),
    DRAINING(503),
    INTERNAL(500);

    private final int status;

    ErrorCode(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    /** As it stands in JSON. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The class of error in OpenAI's words. */
    String type() {
        return switch (this) {
            case UNAUTHORIZED -> "authentication_error";
            case QUEUE_FULL -> "rate_limit_error";
            case DRAINING, INTERNAL -> "server_error";
            default -> "invalid_request_error";
        };
    }
}
