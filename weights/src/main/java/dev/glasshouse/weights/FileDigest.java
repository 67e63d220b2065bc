package dev.glasshouse.weights;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** SHA-256, of files too. */
public final class FileDigest {
    private FileDigest() {}

    /** A fresh SHA-256, to be fed piece by piece. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Reads a file and returns its SHA-256 in 64 lower-case hexadecimal digits.
     *
     * @param progress told the bytes read so far, now and then
     * @throws GlassException if it cannot be read
     */
    public static String sha256(Path file, LongConsumer progress) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[1 << 20];
            long done = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                done += read;
                progress.accept(done);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new GlassException("Cannot read " + file + ": " + e + ".", e);
        }
    }
}
