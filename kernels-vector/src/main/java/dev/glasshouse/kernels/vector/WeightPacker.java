package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.LANES;
import static dev.glasshouse.kernels.vector.Width.SHORT;

import dev.glasshouse.kernels.PackedWeight;
import dev.glasshouse.kernels.Products;
import dev.glasshouse.kernels.QuantFormat;
import dev.glasshouse.kernels.ScalarKernels;
import dev.glasshouse.kernels.Workers;
import dev.glasshouse.weights.TensorCodec;
import dev.glasshouse.weights.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads weights into the layouts of this room. */
final class WeightPacker {
    private final Workers workers;
    private final ScalarKernels scalar;

    WeightPacker(Workers workers, ScalarKernels scalar) {
        this.workers = workers;
        this.scalar = scalar;
    }

    PackedWeight pack(TensorType type, int rows, int cols, MemorySegment bytes, Arena arena) {
        Products.checkBytes(type, rows, cols, bytes.byteSize());
        Optional<QuantFormat> format = QuantFormat.of(type);
        if (format.isPresent()) {
            return quantised(format.get(), type, rows, cols, bytes, arena);
        }
        boolean halves = type == TensorType.BF16 || type == TensorType.F16 && finite(bytes);
        return floats(type, halves && cols % 2 == 0 ? type : TensorType.F32, rows, cols, bytes, arena);
    }

    private PackedWeight quantised(
            QuantFormat format, TensorType type, int rows, int cols, MemorySegment bytes, Arena arena) {
        QuantLayout layout = QuantLayout.of(format, cols);
        MemorySegment data = allocate(layout.groupBytes(), rows, arena);
        long rowBytes = type.bytes(cols);
        AtomicBoolean strange = new AtomicBoolean();
        bands(rows, bytes, data, (worker, from, to) -> {
            QuantFormat.Row row = new QuantFormat.Row(format, cols);
            for (int r = from; r < to; r++) {
                format.read(bytes, r * rowBytes, row);
                if (!finite(row.d) || !finite(row.m)) {
                    strange.set(true);
                    return;
                }
                layout.write(row, data, r / LANES * layout.groupBytes(), r % LANES);
            }
        });
        // The kernels unpack scales without a case for infinities and NaN; who has such a weight gets the scalar ones.
        return strange.get()
                ? scalar.pack(type, rows, cols, bytes, arena)
                : new VectorWeight(
                        type,
                        type,
                        rows,
                        cols,
                        data,
                        layout.groupBytes(),
                        Optional.of(layout),
                        new FloatLayout(type, cols));
    }

    private PackedWeight floats(
            TensorType type, TensorType stored, int rows, int cols, MemorySegment bytes, Arena arena) {
        FloatLayout layout = new FloatLayout(stored, cols);
        MemorySegment data = allocate(layout.groupBytes(), rows, arena);
        long rowBytes = type.bytes(cols);
        bands(rows, bytes, data, (worker, from, to) -> {
            float[] values = new float[cols];
            for (int r = from; r < to; r++) {
                long group = r / LANES * layout.groupBytes();
                if (stored == TensorType.F32) {
                    TensorCodec.unpack(type, bytes, r * rowBytes, values, 0, cols);
                    layout.write(values, data, group, r % LANES);
                } else {
                    layout.writeHalves(bytes, r * rowBytes, data, group, r % LANES);
                }
            }
        });
        return new VectorWeight(type, stored, rows, cols, data, layout.groupBytes(), Optional.empty(), layout);
    }

    private static MemorySegment allocate(long groupBytes, int rows, Arena arena) {
        return arena.allocate(Math.multiplyExact(groupBytes, (long) (rows + LANES - 1) / LANES), 64);
    }

    /** Cuts the rows into bands of whole groups, if all threads may touch the memory. */
    private void bands(int rows, MemorySegment bytes, MemorySegment data, Workers.Band band) {
        Thread other = new Thread(() -> {});
        if (bytes.isAccessibleBy(other) && data.isAccessibleBy(other)) {
            workers.bands(rows, LANES, band);
        } else {
            band.run(0, 0, rows);
        }
    }

    private static boolean finite(short[] halves) {
        for (short half : halves) {
            if ((half & 0x7c00) == 0x7c00) {
                return false;
            }
        }
        return true;
    }

    private static boolean finite(MemorySegment halves) {
        for (long at = 0; at < halves.byteSize(); at += 2) {
            if ((halves.get(SHORT, at) & 0x7c00) == 0x7c00) {
                return false;
            }
        }
        return true;
    }
}
