package dev.glasshouse.training.data;

import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Reads a file as UTF-8, strictly, and hashes its bytes on the way. A byte order mark at the beginning is left out. */
final class TextReader implements AutoCloseable {
    /** The longest line or document, in characters. */
    static final int LONGEST = 1 << 28;

    private final Path file;
    private final InputStream in;
    private final MessageDigest digest = FileDigest.sha256();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).flip();
    private final CharBuffer characters = CharBuffer.allocate(1 << 16).flip();
    /** Bytes of the file before the buffer. */
    private long passed;

    private boolean ended;

    /** @throws GlassException if the file cannot be opened */
    TextReader(Path file) {
        this.file = file;
        try {
            if (!Files.isRegularFile(file)) {
                throw new GlassException("There is no file " + file + ".");
            }
            this.in = Files.newInputStream(file);
        } catch (IOException e) {
            throw new GlassException("Cannot read " + file + ": " + e + ".", e);
        }
    }

    /** The characters that are there, or an empty buffer at the end; the caller takes them all. */
    private CharBuffer more() {
        try {
            while (!characters.hasRemaining() && !ended) {
                bytes.compact();
                int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
                if (read > 0) {
                    digest.update(bytes.array(), bytes.position(), read);
                    bytes.position(bytes.position() + read);
                }
                bytes.flip();
                characters.clear();
                boolean begins = passed == 0;
                CoderResult result = decoder.decode(bytes, characters, read < 0);
                if (result.isError()) {
                    throw new GlassException(file + " is not UTF-8 text: byte " + (passed + bytes.position())
                            + " does not belong to a character. Convert the file, for example with"
                            + " `iconv -f WINDOWS-1252 -t UTF-8`.");
                }
                passed += bytes.position();
                characters.flip();
                if (begins && characters.hasRemaining() && characters.get(0) == '\uFEFF') {
                    characters.get();
                }
                ended = read < 0;
            }
        } catch (IOException e) {
            throw new GlassException("Cannot read " + file + ": " + e + ".", e);
        }
        return characters;
    }

    /** Appends the rest of the line with its end; false if there was nothing left. */
    boolean line(StringBuilder into) {
        boolean any = false;
        while (true) {
            CharBuffer buffer = more();
            if (!buffer.hasRemaining()) {
                return any;
            }
            any = true;
            char[] array = buffer.array();
            int from = buffer.position();
            int at = from;
            int limit = buffer.limit();
            while (at < limit && array[at] != '\n') {
                if (array[at] == 0) {
                    throw new GlassException(file + " is not text: it holds a byte 0.");
                }
                at++;
            }
            boolean complete = at < limit;
            at += complete ? 1 : 0;
            if (into.length() + (long) (at - from) > LONGEST) {
                throw new GlassException(file + " has a document of more than " + LONGEST
                        + " characters. Cut it into several files or documents.");
            }
            into.append(array, from, at - from);
            buffer.position(at);
            if (complete) {
                return true;
            }
        }
    }

    /** Bytes of the file; at its end. */
    long size() {
        return passed;
    }

    /** The SHA-256 of the file; at its end. */
    String sha256() {
        return Hashes.hex(digest.digest());
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new GlassException("Cannot close " + file + ": " + e + ".", e);
        }
    }
}
