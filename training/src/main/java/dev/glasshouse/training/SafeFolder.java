package dev.glasshouse.training;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A folder from somebody else. Only plain names below it are opened, and only what is a file itself: no link leaves it. */
final class SafeFolder {
    private SafeFolder() {}

    /** @throws GlassException if a name could lead out of a folder */
    static String plain(String name) {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}")) {
            throw new GlassException("The name " + Json.of(name).write() + " is not the plain name of a file.");
        }
        return name;
    }

    /** Whether a plain name is a file of the folder. @throws GlassException if the name is none, or it is a link */
    static boolean has(Path folder, String name) {
        Path file = folder.resolve(plain(name));
        noLink(file);
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** @throws GlassException if a file or folder is a link */
    static void noLink(Path path) {
        if (Files.isSymbolicLink(path)) {
            throw new GlassException(path + " is a link. What is verified must be in the folder itself.");
        }
    }

    /** A small file's bytes. @throws GlassException if it is missing or larger than {@code most} */
    static byte[] bytes(Path file, long most) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new GlassException("it is missing, or no plain file.");
            }
            if (Files.size(file) > most) {
                throw new GlassException("it has " + Files.size(file) + " bytes; at most " + most + " can be.");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new GlassException("it cannot be read: " + e + ".", e);
        }
    }
}
