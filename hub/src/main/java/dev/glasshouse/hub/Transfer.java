package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a stretch of bytes from a server into a file, so that nothing that arrived is ever lost.
 *
 * <p>The bytes are appended to {@code NAME.part}; each full piece is forced to the disk and its hash recorded in
 * {@code NAME.part.json} ({@link PartState}). An attempt that finds both goes on at the end of the part: it first hashes
 * what is there (pieces that went bad on this disk are fetched again alone), then asks for the rest by a range request
 * under the same entity tag. A server that cannot answer in parts sends everything again, and the bytes already here are
 * compared instead of written. A lost connection is taken up again, with waits that double; the count of attempts begins
 * anew whenever bytes arrived. When the source holds other bytes than before, the old part is set aside as
 * {@code NAME.stale}.
 *
 * <p>All bytes there but the hash wrong: the part becomes {@code NAME.mismatch}. The next attempt looks at it again (the
 * published hash may have been corrected, or pieces gone bad may be mended), and when told to repair it fetches piece
 * after piece, keeps those that are the same, and writes the others.
 */
final class Transfer {
    /**
     * @param file its name, for people
     * @param path where the finished bytes go; part and state lie beside it
     * @param offset where the stretch begins at the address
     * @param size bytes of the stretch
     * @param whole bytes of the whole file at the address
     */
    record Job(
            String file,
            Path path,
            URI address,
            long offset,
            long size,
            long whole,
            Optional<String> tag,
            Optional<String> sha256) {
        Path part() {
            return path.resolveSibling(path.getFileName() + ".part");
        }

        Path state() {
            return path.resolveSibling(path.getFileName() + ".part.json");
        }

        Path mismatch() {
            return path.resolveSibling(path.getFileName() + ".mismatch");
        }

        Path mismatchState() {
            return path.resolveSibling(path.getFileName() + ".mismatch.json");
        }
    }

    private static final int BUFFER = 1 << 16;

    private final Job job;
    private final Http http;
    private final HubSettings settings;
    private final Disk disk;
    private final PullListener listener;
    private final boolean repair;
    private final Verifier verifier;

    private MessageDigest all = Hashes.sha256();
    private MessageDigest piece = Hashes.sha256();
    private List<String> pieces = new ArrayList<>();
    private PartState state;
    private long have;

    Transfer(
            Job job,
            Http http,
            HubSettings settings,
            Disk disk,
            PullListener listener,
            boolean repair,
            Verifier verifier) {
        this.job = job;
        this.http = http;
        this.settings = settings;
        this.disk = disk;
        this.listener = listener;
        this.repair = repair;
        this.verifier = verifier;
        this.state = new PartState(
                Http.shown(job.address()),
                job.offset(),
                job.size(),
                job.tag(),
                job.sha256(),
                PartState.pieceSize(job.size()),
                List.of());
    }

    /** Says what is wrong with the finished bytes; nothing when they are right. */
    interface Verifier {
        Optional<String> problem(Path part, String sha256) throws IOException;
    }

    /** The source holds other bytes than those that are here. */
    private static final class Changed extends IOException {
        private static final long serialVersionUID = 1L;

        Changed(String message) {
            super(message);
        }
    }

    /** The disk, not the network, failed. */
    private static final class DiskException extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException failure;

        DiskException(IOException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /**
     * Fetches, verifies, and leaves the bytes in {@code NAME.part}, whole and durable.
     *
     * @return their SHA-256
     * @throws GlassException for whatever ends the attempt
     */
    String run() {
        try {
            takeUp();
            try {
                return attempt();
            } catch (Changed e) {
                setAside(Http.reason(e));
                return attempt();
            }
        } catch (Changed e) {
            throw failed(e);
        } catch (DiskException e) {
            throw Disk.problem("write " + job.part(), e.failure);
        } catch (IOException e) {
            throw Disk.problem("write " + job.part(), e);
        }
    }

    private String attempt() throws IOException {
        listener.on(new PullEvent.Started(job.file(), have, job.size()));
        try (FileChannel channel = FileChannel.open(
                job.part(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            check(channel);
            Meter meter = new Meter(listener, job.file(), job.size(), have);
            if (have < job.size()) {
                retrying(() -> {
                    fetchRest(channel, meter);
                    return true;
                });
            }
            channel.force(true);
            Optional<String> problem = verifier.problem(job.part(), Hashes.soFar(all));
            if (problem.isPresent() && repair) problem = repaired(channel, problem.get());
            if (problem.isPresent()) throw quarantine(problem.get());
            return Hashes.soFar(all);
        }
    }

    /** Finds what earlier attempts left. */
    private void takeUp() throws IOException {
        if (Files.isRegularFile(job.mismatch()) && !Files.isRegularFile(job.part())) {
            if (Files.isRegularFile(job.mismatchState())) Disk.move(job.mismatchState(), job.state());
            Disk.move(job.mismatch(), job.part());
        }
        if (Files.isRegularFile(job.part())) {
            Optional<PartState> known = PartState.load(job.state());
            if (known.isPresent() && !known.get().sameBytes(state)) {
                setAside("the source has another version now");
            } else if (known.isEmpty() && job.sha256().isEmpty()) {
                setAside("nobody knows any more of which version the bytes here are");
            } else {
                state = state.with(known.map(PartState::pieces).orElse(List.of()));
                have = Math.min(Files.size(job.part()), job.size());
            }
        }
        state.save(job.state(), disk);
    }

    private void setAside(String why) throws IOException {
        Path stale = job.path().resolveSibling(job.path().getFileName() + ".stale");
        if (Files.isRegularFile(job.part()) && Files.size(job.part()) > 0) {
            Disk.move(job.part(), stale);
            listener.on(new PullEvent.Note(
                    job.file() + ": " + why + "; what had arrived is kept as " + stale.getFileName()));
        }
        state = state.with(List.of());
        pieces = new ArrayList<>();
        all = Hashes.sha256();
        piece = Hashes.sha256();
        have = 0;
    }

    /** Hashes what is here; fetches pieces again that are not as they arrived. */
    private void check(FileChannel channel) throws IOException {
        if (have == 0) {
            channel.truncate(0);
            return;
        }
        channel.truncate(have);
        listener.on(new PullEvent.Verifying(job.file()));
        List<String> recorded = state.pieces();
        for (int i = 0; i < recorded.size() && (long) i * state.pieceSize() + state.pieceLength(i) <= have; i++) {
            byte[] bytes = readPiece(channel, i);
            if (!Hashes.sha256(bytes).equals(recorded.get(i))) {
                long at = (long) i * state.pieceSize();
                listener.on(new PullEvent.Repairing(job.file(), at, bytes.length));
                writeBytes(channel, retrying(() -> fetchRange(at, bytes.length)), at);
                channel.force(false);
            }
        }
        rehash(channel);
    }

    /** Both digests over the bytes here, from the beginning. */
    private void rehash(FileChannel channel) throws IOException {
        all = Hashes.sha256();
        piece = Hashes.sha256();
        pieces = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (long at = 0; at < have; ) {
            buffer.clear().limit((int) Math.min(BUFFER, have - at));
            int count = channel.read(buffer, at);
            if (count < 0) throw new IOException("the file became shorter");
            digest(buffer.array(), count, at);
            at += count;
        }
    }

    /** Feeds bytes that stand at {@code at}; closes pieces on the way. @return whether one was closed */
    private boolean digest(byte[] bytes, int count, long at) {
        all.update(bytes, 0, count);
        boolean closed = false;
        for (int used = 0; used < count; ) {
            long position = at + used;
            long end = Math.min((position / state.pieceSize() + 1) * state.pieceSize(), job.size());
            int step = (int) Math.min(count - used, end - position);
            piece.update(bytes, used, step);
            used += step;
            if (at + used == end) {
                pieces.add(Hashes.hex(piece.digest()));
                closed = true;
            }
        }
        return closed;
    }

    private byte[] readPiece(FileChannel channel, int index) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(state.pieceLength(index));
        long at = (long) index * state.pieceSize();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) throw new IOException("the file became shorter");
        }
        return buffer.array();
    }

    private void writeBytes(FileChannel channel, byte[] bytes, long at) throws IOException {
        try {
            disk.write(channel, ByteBuffer.wrap(bytes), at);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    private interface Attempt<T> {
        T run() throws IOException;
    }

    /** Tries until it works, the source changed, or {@code retries} attempts in a row brought nothing. */
    private <T> T retrying(Attempt<T> attempt) throws IOException {
        int failures = 0;
        while (true) {
            long before = have;
            try {
                return attempt.run();
            } catch (Changed | DiskException e) {
                throw e;
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) throw failed(e);
                boolean hopeless = e instanceof Http.StatusException status && !status.passing();
                failures = have > before ? 1 : failures + 1;
                if (hopeless || failures > settings.retries()) throw failed(e);
                pause(e, failures);
            }
        }
    }

    private void pause(IOException e, int attempt) {
        long asked = e instanceof Http.StatusException status ? status.retryAfterSeconds() * 1000 : 0;
        long doubled = settings.backOff().toMillis() << Math.min(attempt - 1, 5);
        long wait = Math.max(doubled, Math.min(asked, 120_000));
        listener.on(new PullEvent.Retrying(job.file(), Http.reason(e), attempt, wait / 1000.0));
        try {
            Thread.sleep(wait);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private GlassException failed(IOException e) {
        String kept = have > 0
                ? " " + Text.bytes(have) + " of " + Text.bytes(job.size()) + " are here and kept: pull again to go on."
                : " Check the network and pull again.";
        return new GlassException(
                "Fetching " + job.file() + " from " + Http.shown(job.address()) + " failed: " + Http.reason(e) + "."
                        + kept,
                e);
    }

    /** One connection: appends what it brings. */
    private void fetchRest(FileChannel channel, Meter meter) throws IOException {
        long from = job.offset() + have;
        long last = job.offset() + job.size() - 1;
        boolean part = from > 0 || last + 1 < job.whole();
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Accept-Encoding", "identity"));
        if (part) headers.put("Range", "bytes=" + from + "-" + last);
        if (part) job.tag().ifPresent(tag -> headers.put("If-Range", tag));
        try (Http.Response response = http.get(job.address(), headers)) {
            InputStream body = response.body();
            if (response.status() == 206) {
                long[] range = ByteSource.Remote.range(response);
                if (range[2] != job.whole()) throw new Changed("the file at the source has another size now");
                if (range[0] != from) throw new IOException("the server answers another part than asked for");
            } else {
                long length = ByteSource.Remote.contentLength(response);
                if (length >= 0 && length != job.whole())
                    throw new Changed("the file at the source has another size now");
                if (part) {
                    body.skipNBytes(job.offset());
                    compare(channel, body);
                }
            }
            append(channel, body, meter);
        } catch (Http.StatusException e) {
            if (e.status() == 416) throw new Changed("the file at the source is shorter now");
            throw e;
        }
    }

    /** Reads as many bytes as are here already, without writing; they must be the same. */
    private void compare(FileChannel channel, InputStream body) throws IOException {
        if (have > 0)
            listener.on(new PullEvent.Note(
                    job.file() + ": the server cannot go on in the middle; what is here is compared, not lost"));
        byte[] theirs = new byte[BUFFER];
        ByteBuffer ours = ByteBuffer.allocate(BUFFER);
        for (long at = 0; at < have; ) {
            int step = (int) Math.min(BUFFER, have - at);
            if (body.readNBytes(theirs, 0, step) != step) throw new EOFException("the connection ended early");
            ours.clear().limit(step);
            while (ours.hasRemaining()) {
                if (channel.read(ours, at + ours.position()) < 0)
                    throw new DiskException(new IOException("the file became shorter"));
            }
            if (!Arrays.equals(theirs, 0, step, ours.array(), 0, step))
                throw new Changed("the source holds other bytes than before");
            at += step;
        }
    }

    private void append(FileChannel channel, InputStream body, Meter meter) throws IOException {
        byte[] buffer = new byte[BUFFER];
        while (have < job.size()) {
            int count = body.read(buffer, 0, (int) Math.min(BUFFER, job.size() - have));
            if (count < 0) throw new EOFException("the connection ended early");
            try {
                disk.write(channel, ByteBuffer.wrap(buffer, 0, count), have);
                boolean closed = digest(buffer, count, have);
                have += count;
                if (closed) {
                    channel.force(false);
                    state = state.with(pieces);
                    state.save(job.state(), disk);
                }
            } catch (IOException e) {
                throw new DiskException(e);
            }
            meter.at(have);
        }
    }

    private byte[] fetchRange(long at, int length) throws IOException {
        long from = job.offset() + at;
        Map<String, String> headers =
                Map.of("Accept-Encoding", "identity", "Range", "bytes=" + from + "-" + (from + length - 1));
        try (Http.Response response = http.get(job.address(), headers)) {
            if (response.status() == 200) response.body().skipNBytes(from);
            else if (ByteSource.Remote.range(response)[0] != from)
                throw new IOException("the server answers another part than asked for");
            byte[] bytes = response.body().readNBytes(length);
            if (bytes.length != length) throw new EOFException("the connection ended early");
            return bytes;
        }
    }

    /** Fetches all pieces again and writes those that differ. @return what is still wrong */
    private Optional<String> repaired(FileChannel channel, String problem) throws IOException {
        int mended = 0;
        Meter meter = new Meter(listener, job.file(), job.size(), 0);
        for (int i = 0; i < state.pieceCount(); i++) {
            long at = (long) i * state.pieceSize();
            int length = state.pieceLength(i);
            byte[] theirs = retrying(() -> fetchRange(at, length));
            if (!Arrays.equals(theirs, readPiece(channel, i))) {
                listener.on(new PullEvent.Repairing(job.file(), at, length));
                writeBytes(channel, theirs, at);
                mended++;
            }
            meter.at(at + length);
        }
        if (mended == 0) {
            return Optional.of(
                    problem + " (a second look at every piece brought the same bytes: the source itself is wrong)");
        }
        channel.force(true);
        rehash(channel);
        state = state.with(pieces);
        state.save(job.state(), disk);
        return verifier.problem(job.part(), Hashes.soFar(all));
    }

    private GlassException quarantine(String problem) throws IOException {
        Disk.move(job.part(), job.mismatch());
        if (Files.isRegularFile(job.state())) Disk.move(job.state(), job.mismatchState());
        String next = repair
                ? " Try another source, or delete it."
                : " Pull again with --repair to compare it with the source piece by piece and fetch only what differs.";
        return new GlassException(job.file() + " arrived but " + problem + ". It is not used; the bytes are kept in "
                + job.mismatch() + "." + next);
    }
}
