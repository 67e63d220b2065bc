package dev.glasshouse.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A GGUF model in one file or in a split set, whose first file carries the metadata. */
public final class GgufFile implements ModelFile {
    private static final Pattern SPLIT = Pattern.compile("(.*)-([0-9]{5})-of-([0-9]{5})(\\.gguf)");

    private final Arena arena;
    private final List<Path> files;
    private final long bytes;
    private final List<GgufHeader> headers;
    private final Map<String, Tensor> tensors;

    private GgufFile(Arena arena, List<Path> files, long bytes, List<GgufHeader> headers, Map<String, Tensor> tensors) {
        this.arena = arena;
        this.files = files;
        this.bytes = bytes;
        this.headers = headers;
        this.tensors = tensors;
    }

    /** Opens a file, with all others of its set. @throws GlassException as {@link ModelFile#open} */
    public static GgufFile open(Path path) {
        List<Path> files = filesOf(path);
        Arena arena = MappedFile.arena();
        try {
            GgufFile file = open(arena, files);
            GgufChecks.check(file.metadata(), file.headers);
            return file;
        } catch (GlassException e) {
            arena.close();
            throw new GlassException(path + " cannot be used: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** The names of a split set by the name of any of its files; the name itself where it is no split. */
    public static List<String> namesOfSet(String name) {
        Matcher split = SPLIT.matcher(name);
        int count = split.matches() ? Integer.parseInt(split.group(3)) : 0;
        if (count < 1 || Integer.parseInt(split.group(2)) > count) {
            return List.of(name);
        }
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(String.format(Locale.ROOT, "%s-%05d-of-%05d%s", split.group(1), i, count, split.group(4)));
        }
        return names;
    }

    private static List<Path> filesOf(Path path) {
        Path name = path.getFileName();
        return name == null
                ? List.of(path)
                : namesOfSet(name.toString()).stream().map(path::resolveSibling).toList();
    }

    private static GgufFile open(Arena arena, List<Path> files) {
        List<GgufHeader> headers = new ArrayList<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        long bytes = 0;
        for (int i = 0; i < files.size(); i++) {
            MemorySegment mapped = MappedFile.map(files.get(i), arena);
            try {
                headers.add(open(mapped, i, files.size(), tensors));
            } catch (GlassException e) {
                throw files.size() == 1
                        ? e
                        : new GlassException("its part " + files.get(i).getFileName() + ": " + e.getMessage(), e);
            }
            bytes += mapped.byteSize();
        }
        OptionalLong total = headers.getFirst().metadata().integer("split.tensors.count");
        if (files.size() > 1 && total.isPresent() && total.getAsLong() != tensors.size()) {
            throw new GlassException("The parts hold " + tensors.size() + " tensors together, where the first says "
                    + total.getAsLong() + ".");
        }
        return new GgufFile(arena, files, bytes, List.copyOf(headers), Collections.unmodifiableMap(tensors));
    }

    private static GgufHeader open(MemorySegment mapped, int part, int parts, Map<String, Tensor> tensors) {
        OptionalLong size = OptionalLong.of(mapped.byteSize());
        if (!(GgufHeader.parse(mapped, size) instanceof GgufHeader.Complete complete)) {
            throw new IllegalStateException("a whole file cannot be incomplete");
        }
        GgufHeader header = complete.header();
        Metadata metadata = header.metadata();
        long count = metadata.integer("split.count").orElse(parts > 1 ? 0 : 1);
        long number = metadata.integer("split.no").orElse(0);
        if (parts > 1 ? count != parts || number != part : count > 1) {
            throw new GlassException("The file says it is part " + (number + 1) + " of " + count
                    + ", but its name says " + (part + 1) + " of " + parts
                    + "; give the parts their names of the form NAME-00001-of-00002.gguf back.");
        }
        if (header.endOfData() > mapped.byteSize() && !header.tensors().isEmpty()) {
            throw new GlassException("The file should have " + header.endOfData() + " bytes but has "
                    + mapped.byteSize() + ": it is cut off. Fetch it again.");
        }
        for (TensorInfo info : header.tensors()) {
            MemorySegment data = info.bytes() == 0
                    ? mapped.asSlice(0, 0)
                    : mapped.asSlice(header.dataOffset() + info.offset(), info.bytes());
            TensorInfo placed = new TensorInfo(info.name(), info.type(), info.shape(), info.offset(), part);
            if (tensors.put(info.name(), new Tensor(placed, data)) != null) {
                throw new GlassException("The tensor " + info.name() + " stands in two parts.");
            }
        }
        return header;
    }

    /** The pairs of the (first) file. */
    public Metadata metadata() {
        return headers.getFirst().metadata();
    }

    /** The header of each file. */
    public List<GgufHeader> headers() {
        return headers;
    }

    @Override
    public List<Path> files() {
        return files;
    }

    @Override
    public List<Tensor> tensors() {
        return List.copyOf(tensors.values());
    }

    @Override
    public Optional<Tensor> tensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Unmaps the files; closing twice does nothing. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
