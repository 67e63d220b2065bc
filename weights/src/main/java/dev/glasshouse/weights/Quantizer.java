package dev.glasshouse.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes a GGUF model anew with other tensor types. Which tensors change, and to what, follows llama.cpp's
 * {@code llama-quantize} without an importance matrix, see {@link QuantizationPlan}.
 * Parts of a tensor are converted on all processors; the result does not depend on how many there are.
 */
public final class Quantizer {
    /** Values converted at a time, and by one thread. */
    private static final int CHUNK = 1 << 20;

    private static final int PART = 1 << 16;

    /** Scales and minimums are F16 numbers. */
    private static final float LARGEST_F16 = 65_504;

    /** Told before each tensor and once at the end. */
    @FunctionalInterface
    public interface Progress {
        /**
         * @param tensor what is being written
         * @param done bytes of the source already converted
         * @param total bytes of the source
         */
        void at(TensorInfo tensor, long done, long total);
    }

    /**
     * What was written.
     *
     * @param bytes size of the new file
     * @param tensorsByType how many tensors have each type now
     * @param requantized how many went from one quantised type to another, which loses more than going from F16 or F32
     */
    public record Result(long bytes, Map<TensorType, Integer> tensorsByType, int requantized) {}

    private Quantizer() {}

    /**
     * Quantises a model.
     *
     * @param source a GGUF file, or any file of a split set; the result is always one file
     * @param target the file to write; it replaces one that is there only when complete
     * @param recipe the name of a recipe, see {@link Recipe#parse}
     * @throws GlassException if the source is broken, holds numbers that are not finite, or the target cannot be written
     */
    public static Result quantize(Path source, Path target, Recipe recipe, Progress progress) {
        try (ModelFile model = ModelFile.open(source)) {
            if (!(model instanceof GgufFile gguf)) {
                throw new GlassException(source + " is no GGUF file; only GGUF files can be quantised.");
            }
            if (Files.exists(target) && gguf.files().stream().anyMatch(file -> same(file, target))) {
                throw new GlassException(target + " is the file to be read; choose another name for the result.");
            }
            return quantize(gguf, target, recipe, progress);
        }
    }

    private static boolean same(Path a, Path b) {
        try {
            return Files.isSameFile(a, b);
        } catch (IOException e) {
            return false;
        }
    }

    private static Result quantize(GgufFile source, Path target, Recipe recipe, Progress progress) {
        List<TensorInfo> plan = QuantizationPlan.of(source, recipe);
        Metadata metadata = Metadata.builder()
                .putAll(source.metadata())
                .remove("split.no")
                .remove("split.count")
                .remove("split.tensors.count")
                .putUint32("general.quantization_version", 2)
                .putUint32("general.file_type", recipe.fileType())
                .build();
        List<Tensor> tensors = source.tensors();
        long total = tensors.stream().mapToLong(t -> t.data().byteSize()).sum();
        long done = 0;
        int requantized = 0;
        Map<TensorType, Integer> counts = new TreeMap<>();
        int processors = Runtime.getRuntime().availableProcessors();
        try (GgufWriter writer = GgufWriter.create(target, metadata, plan);
                ExecutorService threads = Executors.newFixedThreadPool(processors)) {
            for (int i = 0; i < plan.size(); i++) {
                Tensor from = tensors.get(i);
                TensorInfo to = plan.get(i);
                progress.at(to, done, total);
                if (from.type() == to.type()) {
                    writer.write(from.data());
                } else {
                    convert(from, to.type(), writer, threads);
                    requantized += from.type().blockSize() > 1 && to.type().blockSize() > 1 ? 1 : 0;
                }
                counts.merge(to.type(), 1, Integer::sum);
                done += from.data().byteSize();
                progress.at(to, done, total);
            }
            writer.finish();
        }
        try {
            return new Result(Files.size(target), counts, requantized);
        } catch (IOException e) {
            throw new GlassException("Cannot read " + target + ": " + e + ".", e);
        }
    }

    private static void convert(Tensor from, TensorType type, GgufWriter writer, ExecutorService threads) {
        if (from.elements() == 0) {
            writer.write(from.data());
            return;
        }
        int chunk = (int) Math.min(CHUNK, from.elements());
        float[] values = new float[chunk];
        try (Arena arena = Arena.ofShared()) {
            MemorySegment packed = arena.allocate(type.bytes(chunk));
            for (long at = 0; at < from.elements(); at += chunk) {
                int count = (int) Math.min(chunk, from.elements() - at);
                List<Future<?>> parts = new ArrayList<>();
                for (int start = 0; start < count; start += PART) {
                    int first = start;
                    int size = Math.min(PART, count - start);
                    long position = at + start;
                    parts.add(threads.submit(() -> {
                        TensorCodec.unpack(from.type(), from.data(), from.type().bytes(position), values, first, size);
                        check(from, type, values, first, size, position);
                        TensorCodec.pack(type, values, first, packed, type.bytes(first), size);
                    }));
                }
                await(parts);
                writer.write(packed.asSlice(0, type.bytes(count)));
            }
        }
    }

    /** Waits for all parts; the first failure counts. */
    private static void await(List<Future<?>> parts) {
        Optional<RuntimeException> failure = Optional.empty();
        for (Future<?> part : parts) {
            try {
                part.get();
            } catch (ExecutionException e) {
                RuntimeException cause =
                        e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
                failure = failure.or(() -> Optional.of(cause));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = failure.or(() -> Optional.of(new GlassException("Quantising was interrupted.", e)));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static void check(Tensor from, TensorType type, float[] values, int first, int count, long position) {
        boolean wide = type == TensorType.F32 || type == TensorType.BF16;
        for (int i = 0; i < count; i++) {
            float value = values[first + i];
            if (!Float.isFinite(value)) {
                throw new GlassException("The tensor " + from.name() + " holds " + value + " as value " + (position + i)
                        + ", which is not a finite number: the file is broken, or was when it was made.");
            }
            if (!wide && Math.abs(value) > LARGEST_F16) {
                throw new GlassException("The tensor " + from.name() + " holds " + value + " as value " + (position + i)
                        + ", which " + type + " cannot hold; choose F32 or BF16.");
            }
        }
    }

    /** A target of quantising: one type for most tensors, or a mix. */
    public enum Recipe {
        F32(TensorType.F32, 0),
        F16(TensorType.F16, 1),
        BF16(TensorType.BF16, 32),
        Q8_0(TensorType.Q8_0, 7),
        Q4_0(TensorType.Q4_0, 2),
        Q4_1(TensorType.Q4_1, 3),
        Q5_0(TensorType.Q5_0, 8),
        Q5_1(TensorType.Q5_1, 9),
        Q4_K_S(TensorType.Q4_K, 14),
        Q4_K_M(TensorType.Q4_K, 15),
        Q5_K_S(TensorType.Q5_K, 16),
        Q5_K_M(TensorType.Q5_K, 17),
        Q6_K(TensorType.Q6_K, 18);

        private final TensorType type;
        private final int fileType;

        Recipe(TensorType type, int fileType) {
            this.type = type;
            this.fileType = fileType;
        }

        /** The type of most tensors. */
        public TensorType type() {
            return type;
        }

        /** The number in {@code general.file_type} (llama.cpp's llama_ftype). */
        public int fileType() {
            return fileType;
        }

        /**
         * The recipe of a name, in upper or lower case; Q4_K and Q5_K mean the mixes Q4_K_M and Q5_K_M, as in llama.cpp.
         *
         * @throws GlassException that lists the names if there is none
         */
        public static Recipe parse(String name) {
            String upper = name.toUpperCase(Locale.ROOT);
            String full = upper.equals("Q4_K") || upper.equals("Q5_K") ? upper + "_M" : upper;
            return Arrays.stream(values())
                    .filter(recipe -> recipe.name().equals(full))
                    .findFirst()
                    .orElseThrow(() -> new GlassException("There is no type " + name + " to quantise to; choose one of "
                            + String.join(", ", names()) + "."));
        }

        private static List<String> names() {
            List<String> names = new ArrayList<>();
            for (Recipe recipe : values()) {
                names.add(recipe.name());
            }
            return names;
        }
    }
}
