package dev.glasshouse.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** The files of the page, from the class path, packed once. */
final class Assets {
    private static final String ROOT = "/web/";
    private static final int LONGEST = 200;

    /** Names of our own files: no dots but between name and ending, so that no path leads out. */
    private static final Pattern NAME = Pattern.compile("(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*");

    private static final Pattern INLINE =
            Pattern.compile("<script(?![^>]*\\ssrc=)[^>]*>(.*?)</script>", Pattern.DOTALL);
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("md", "text/plain; charset=utf-8"),
            Map.entry("webmanifest", "application/manifest+json"));

    private final Map<String, Asset> assets = new ConcurrentHashMap<>();
    private final String policy;

    /**
     * A file.
     *
     * @param type its media type
     * @param bytes as it is
     * @param packed as gzip has it, or the same where that is not smaller
     * @param tag its entity tag, in quotes
     */
    record Asset(String type, byte[] bytes, byte[] packed, String tag) {}

    Assets() {
        StringBuilder scripts = new StringBuilder("'self'");
        find("index.html").ifPresent(page -> {
            Matcher inline = INLINE.matcher(new String(page.bytes(), StandardCharsets.UTF_8));
            while (inline.find()) {
                byte[] hash = Digests.sha256(inline.group(1).getBytes(StandardCharsets.UTF_8));
                scripts.append(" 'sha256-")
                        .append(Base64.getEncoder().encodeToString(hash))
                        .append('\'');
            }
        });
        policy = "default-src 'none'; script-src " + scripts
                + "; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self';"
                + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";
    }

    /** What the page may load and run: its own files, and the scripts that stand in it, by their hashes. */
    String policy() {
        return policy;
    }

    /** The file at a path below the root; empty where there is none. */
    Optional<Asset> find(String path) {
        String name = path.isEmpty() ? "index.html" : path;
        if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        Optional<Asset> known = Optional.ofNullable(assets.get(name));
        if (known.isPresent()) {
            return known;
        }
        Optional<Asset> read = read(name);
        read.ifPresent(asset -> assets.put(name, asset));
        return read;
    }

    private static Optional<Asset> read(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        Optional<String> type = Optional.ofNullable(TYPES.get(ending));
        boolean text = name.endsWith("/LICENSE") || name.endsWith("/LOCK");
        // A folder's name has no ending; some class paths would list what is in it.
        if (!text && (type.isEmpty() || name.lastIndexOf('.') < name.lastIndexOf('/') + 1)) {
            return Optional.empty();
        }
        try (InputStream in = Assets.class.getResourceAsStream(ROOT + name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            byte[] packed = pack(bytes);
            String tag = "\"" + HexFormat.of().formatHex(Digests.sha256(bytes), 0, 16) + "\"";
            return Optional.of(new Asset(
                    type.orElse("text/plain; charset=utf-8"),
                    bytes,
                    packed.length < bytes.length ? packed : bytes,
                    tag));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] pack(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        }
        return packed.toByteArray();
    }
}
