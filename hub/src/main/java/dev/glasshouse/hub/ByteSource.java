package dev.glasshouse.hub;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes that can be read at any place: a file, or a file on a server that answers range requests. */
interface ByteSource extends Closeable {
    long size();

    /** Exactly {@code length} bytes from {@code offset} on. @throws IOException also where they do not lie inside */
    byte[] read(long offset, int length) throws IOException;

    @Override
    default void close() throws IOException {}

    private static void check(long size, long offset, int length) throws IOException {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IOException("bytes " + offset + " to " + (offset + length) + " are outside of " + size);
        }
    }

    /** A file on this machine. */
    static ByteSource of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        long size = channel.size();
        return new ByteSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public byte[] read(long offset, int length) throws IOException {
                check(size, offset, length);
                ByteBuffer buffer = ByteBuffer.allocate(length);
                while (buffer.hasRemaining()) {
                    if (channel.read(buffer, offset + buffer.position()) < 0)
                        throw new IOException("the file became shorter");
                }
                return buffer.array();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /**
     * A file on a server.
     *
     * @param size bytes in all
     * @param tag strong entity tag
     */
    record Remote(Http http, URI address, long size, Optional<String> tag) implements ByteSource {
        private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

        /** What a server says about a file: how large it is, and whether it can be read in parts. */
        record Probe(long size, boolean ranges, Optional<String> tag) {}

        /** Asks for the first byte. @throws IOException also where the server does not say how large the file is */
        static Probe probe(Http http, URI address) throws IOException {
            try (Http.Response response =
                    http.get(address, Map.of("Range", "bytes=0-0", "Accept-Encoding", "identity"))) {
                if (response.status() == 206) return new Probe(range(response)[2], true, response.strongTag());
                long size = contentLength(response);
                if (size < 0) throw new IOException(Http.shown(address) + " does not say how large the file is");
                return new Probe(size, false, response.strongTag());
            }
        }

        static long contentLength(Http.Response response) {
            String text = response.header("Content-Length").orElse("");
            return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
        }

        /** First byte, last byte and whole size from a 206's Content-Range. */
        static long[] range(Http.Response response) throws IOException {
            Matcher matcher = CONTENT_RANGE.matcher(
                    response.header("Content-Range").orElse("").strip());
            if (!matcher.matches())
                throw new IOException(Http.shown(response.address()) + " answers a part without saying which");
            long[] range = {
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))
            };
            if (range[1] < range[0] || range[1] >= range[2])
                throw new IOException(Http.shown(response.address()) + " answers an impossible range");
            return range;
        }

        @Override
        public byte[] read(long offset, int length) throws IOException {
            check(size, offset, length);
            if (length == 0) return new byte[0];
            String wanted = "bytes=" + offset + "-" + (offset + length - 1);
            try (Http.Response response = http.get(address, Map.of("Range", wanted, "Accept-Encoding", "identity"))) {
                if (response.status() != 206) throw new IOException(Http.shown(address) + " does not answer in parts");
                long[] range = range(response);
                if (range[0] != offset || range[2] != size)
                    throw new IOException(Http.shown(address) + " answers another part or has changed");
                InputStream body = response.body();
                byte[] bytes = body.readNBytes(length);
                if (bytes.length != length) throw new IOException("the connection ended early");
                return bytes;
            }
        }
    }
}
