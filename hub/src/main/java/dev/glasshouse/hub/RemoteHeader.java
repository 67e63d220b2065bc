package dev.glasshouse.hub;

import dev.glasshouse.weights.GgufHeader;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads what a GGUF file's header says where the file still is, asking for its first bytes and for more while it goes on.
 * Best effort: a server that does not answer in parts, or a header that cannot be read, leaves the plan without facts;
 * the file itself is judged when it is opened.
 */
final class RemoteHeader {
    private static final int FIRST = 2 << 20;
    private static final int MOST = 64 << 20;

    private RemoteHeader() {}

    /** The first {@code length} bytes of a file, less only where it is shorter. */
    private interface Prefix {
        byte[] read(byte[] before, int length) throws IOException;
    }

    static Optional<HeaderFacts> facts(Http http, PlannedFile file) {
        try {
            ByteSource.Remote.Probe probe =
                    ByteSource.Remote.probe(http, file.origin().address());
            if (!probe.ranges()) return Optional.empty();
            ByteSource remote = new ByteSource.Remote(http, file.origin().address(), probe.size(), probe.tag());
            return read(probe.size(), (before, length) -> {
                byte[] more = remote.read(before.length, length - before.length);
                byte[] all = Arrays.copyOf(before, length);
                System.arraycopy(more, 0, all, before.length, more.length);
                return all;
            });
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<HeaderFacts> facts(ByteSource wheel, Wheel.Entry entry) {
        try {
            return read(entry.size(), (before, length) -> Wheel.prefix(wheel, entry, length));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<HeaderFacts> read(long size, Prefix prefix) throws IOException {
        byte[] bytes = new byte[0];
        long wanted = FIRST;
        while (wanted <= MOST) {
            int length = (int) Math.min(wanted, size);
            if (length <= bytes.length) return Optional.empty();
            bytes = prefix.read(bytes, length);
            try {
                GgufHeader.Result result = GgufHeader.parse(MemorySegment.ofArray(bytes), OptionalLong.of(size));
                if (result instanceof GgufHeader.Complete complete)
                    return Optional.of(HeaderFacts.of(complete.header()));
                if (result instanceof GgufHeader.Incomplete incomplete) wanted = incomplete.bytesNeeded();
            } catch (GlassException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
