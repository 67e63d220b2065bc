package dev.glasshouse.hub;

import java.nio.file.Path;
import java.util.OptionalLong;

/** What a pull tells while it works, in the order it happens. */
public sealed interface PullEvent {
    /** A source is asked. */
    record Trying(String source) implements PullEvent {}

    /** A source could not serve; the next one is tried where there is one. */
    record SourceFailed(String source, String reason) implements PullEvent {}

    /** The bytes of a file begin to move. {@code already} of them were here from an earlier attempt. */
    record Started(String file, long already, long total) implements PullEvent {}

    /**
     * At most ten a second.
     *
     * @param bytesPerSecond over the last seconds; 0 while unknown
     * @param secondsLeft at that rate; empty while unknown
     */
    record Progress(String file, long done, long total, double bytesPerSecond, OptionalLong secondsLeft)
            implements PullEvent {}

    /** A transfer was lost and is taken up again after a wait. */
    record Retrying(String file, String reason, int attempt, double waitSeconds) implements PullEvent {}

    /** Another process fetches the same file; this one waits for it. */
    record Waiting(String file) implements PullEvent {}

    /** Bytes that went bad here, or were wrong on arrival, are fetched again. */
    record Repairing(String file, long offset, long length) implements PullEvent {}

    /** The SHA-256 of the bytes here is taken: after an interruption, and at the end. */
    record Verifying(String file) implements PullEvent {}

    /** Something a person should know; nothing to do. */
    record Note(String text) implements PullEvent {}

    /** A file is complete, checked and in its place. */
    record FileDone(String file, Path path, String sha256, boolean checked) implements PullEvent {}
}
