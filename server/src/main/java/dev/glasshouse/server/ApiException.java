package dev.glasshouse.server;

import dev.glasshouse.SessionClosedException;
import dev.glasshouse.engine.ContextFullException;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.Serial;
import java.util.Optional;

/** Ends a request with an error that the client is told. */
final class ApiException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final int status;
    private final String param;

    private ApiException(ErrorCode code, int status, String message, String param) {
        super(message, null, false, false);
        this.code = code;
        this.status = status;
        this.param = param;
    }

    ApiException(ErrorCode code, String message) {
        this(code, code.status(), message, "");
    }

    /** A request whose member {@code param} is wrong. */
    static ApiException field(String param, String message) {
        return new ApiException(ErrorCode.BAD_REQUEST, ErrorCode.BAD_REQUEST.status(), message, param);
    }

    static ApiException bad(String message) {
        return new ApiException(ErrorCode.BAD_REQUEST, message);
    }

    /** The same error with a status of its own. */
    ApiException withStatus(int other) {
        return new ApiException(code, other, message(), param);
    }

    /** What the client is told of a failure: errors of the user in full, all others not. */
    static ApiException of(Throwable failure) {
        return switch (failure) {
            case ApiException api -> api;
            case ContextFullException full ->
                new ApiException(ErrorCode.CONTEXT_FULL, String.valueOf(full.getMessage()));
            case SessionClosedException closed -> Sessions.gone();
            case GlassException glass -> bad(String.valueOf(glass.getMessage()));
            case OutOfMemoryError memory ->
                new ApiException(
                        ErrorCode.INTERNAL, "The server's heap is too small for this; start it with more (-Xmx).");
            default -> new ApiException(ErrorCode.INTERNAL, "An internal error; the server's log says more.");
        };
    }

    ErrorCode code() {
        return code;
    }

    int status() {
        return status;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    Optional<String> param() {
        return Optional.of(param).filter(name -> !name.isEmpty());
    }

    /** {@code {"message", "type", "code", "param"}}. */
    Json inner() {
        return Json.object()
                .put("message", message())
                .put("type", code.type())
                .put("code", code.text())
                .put("param", param().map(Json::of).orElse(Json.ofNull()))
                .build();
    }

    /** {@code {"error": {…}}}. */
    Json toJson() {
        return Json.object().put("error", inner()).build();
    }
}
