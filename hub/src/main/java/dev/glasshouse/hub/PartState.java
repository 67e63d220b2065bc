package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known about the bytes of an unfinished download; kept beside it as JSON. The hashes are of the pieces as they
 * arrived: a piece that no longer hashes to its own has gone bad on this disk, and it alone is fetched again.
 *
 * @param address where the bytes come from
 * @param offset where they begin there
 * @param size how many there are
 * @param tag the server's strong entity tag
 * @param sha256 what all of them must hash to
 * @param pieceSize bytes of every piece but the last
 * @param pieces SHA-256 of the leading pieces, those safely on the disk
 */
record PartState(
        String address,
        long offset,
        long size,
        Optional<String> tag,
        Optional<String> sha256,
        int pieceSize,
        List<String> pieces) {
    private static final int SMALLEST_PIECE = 4 << 20;
    private static final int MOST_PIECES = 1024;
    private static final long LARGEST_STATE = 1 << 20;

    PartState {
        pieces = List.copyOf(pieces);
    }

    /** Pieces of whole MiB, at most 1,024 of them. */
    static int pieceSize(long size) {
        long mebibyte = 1 << 20;
        long wanted = (size / MOST_PIECES / mebibyte + 1) * mebibyte;
        return (int) Math.min(Math.max(SMALLEST_PIECE, wanted), 1 << 30);
    }

    PartState with(List<String> known) {
        return new PartState(address, offset, size, tag, sha256, pieceSize, known);
    }

    /**
     * Whether bytes fetched under this state are those of the other. The same hash says so whatever the address (a
     * mirror may go on where the hub stopped); without one, the same place and tag must.
     */
    boolean sameBytes(PartState other) {
        if (size != other.size || pieceSize != other.pieceSize) return false;
        if (sha256.isPresent() && other.sha256.isPresent())
            return sha256.equals(other.sha256) && offset == other.offset;
        return address.equals(other.address) && offset == other.offset && tag.equals(other.tag);
    }

    int pieceCount() {
        return (int) ((size + pieceSize - 1) / pieceSize);
    }

    int pieceLength(int piece) {
        return (int) Math.min(pieceSize, size - (long) piece * pieceSize);
    }

    void save(Path file, Disk disk) throws IOException {
        Json.ObjectBuilder json = Json.object().put("format", 1).put("address", address);
        json.put("offset", offset).put("size", size);
        tag.ifPresent(t -> json.put("tag", t));
        sha256.ifPresent(hash -> json.put("sha256", hash));
        json.put("piece_size", pieceSize);
        json.put("pieces", pieces.stream().map(Json::of).toList());
        disk.replace(file, json.build().pretty().getBytes(StandardCharsets.UTF_8));
    }

    /** Empty when there is none or it cannot be read: then nothing is known about the bytes. */
    static Optional<PartState> load(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_STATE) return Optional.empty();
        try {
            Json.ObjectValue json = Json.read(file).asObject();
            List<String> pieces = new ArrayList<>();
            for (Json piece : json.get("pieces").asArray()) pieces.add(piece.asString());
            PartState state = new PartState(
                    json.get("address").asString(),
                    json.get("offset").asLong(),
                    json.get("size").asLong(),
                    json.string("tag"),
                    json.string("sha256"),
                    json.get("piece_size").asInt(),
                    pieces);
            boolean sound = state.size > 0
                    && state.pieceSize == pieceSize(state.size)
                    && pieces.size() <= state.pieceCount()
                    && pieces.stream().allMatch(Hashes::isSha256);
            return sound ? Optional.of(state) : Optional.empty();
        } catch (GlassException e) {
            return Optional.empty();
        }
    }
}
