package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.Width.LANES;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.MemorySegment;

/** Products with few rows of input: every weight is read once a row, as stored. */
final class DecodeJobs {
    /** A thread gets at least this many groups. */
    private static final int GRAIN = 4;

    private final Workers workers;
    private final Job.Queue queue;
    private final Workers.Band quantise = this::quantise;
    private final Workers.Band multiply = this::multiply;
    private final MemorySegment[] rooms;
    private MemorySegment input = MemorySegment.NULL;

    DecodeJobs(Workers workers, Job.Queue queue) {
        this.workers = workers;
        this.queue = queue;
        rooms = new MemorySegment[workers.threads()];
        for (int i = 0; i < rooms.length; i++) {
            rooms[i] = Tile.grown(MemorySegment.NULL, 8L * LANES);
        }
    }

    void run() {
        Matrix x = queue.x();
        if (VectorProducts.any(queue, true)) {
            input = Tile.grown(input, x.rows() * VectorInput.rowBytes(x.cols()));
            workers.bands(x.rows(), 4, quantise);
        }
        workers.bands(queue.number(1), GRAIN, multiply);
    }

    private void quantise(int worker, int from, int to) {
        Matrix x = queue.x();
        long rowBytes = VectorInput.rowBytes(x.cols());
        for (int i = from; i < to; i++) {
            VectorInput.quantise(x.data(), 4L * i * x.cols(), x.cols() / 32, input, i * rowBytes);
        }
    }

    private void multiply(int worker, int from, int to) {
        int unit = from;
        for (int j = queue.jobOf(from); unit < to; j++) {
            Job job = queue.job(j);
            int start = queue.start(j);
            int last = Math.min(to, queue.end(j));
            if (job.weight().quant().isPresent()) {
                quantised(job, job.weight().quant().get(), unit - start, last - start, rooms[worker]);
            } else {
                floats(job, unit - start, last - start, rooms[worker]);
            }
            unit = last;
        }
    }

    private void quantised(Job job, QuantLayout layout, int from, int to, MemorySegment room) {
        VectorWeight weight = job.weight();
        Matrix y = job.y();
        long rowBytes = VectorInput.rowBytes(weight.cols());
        for (int g = from; g < to; g++) {
            boolean full = (g + 1) * LANES <= weight.rows();
            for (int i = job.first(); i < job.first() + job.count(); i++) {
                MemorySegment out = full ? y.data() : room;
                long at = full ? 4L * ((long) i * y.cols() + g * LANES) : 0;
                group(layout, weight.data(), g * weight.groupBytes(), i * rowBytes, out, at);
                if (!full) {
                    VectorProducts.copy(room, 0, y, i, g * LANES, weight.rows() - g * LANES);
                }
            }
        }
    }

    private void group(QuantLayout layout, MemorySegment w, long group, long q, MemorySegment y, long at) {
        switch (layout.format()) {
            case Q4_0 -> {
                DecodeMinima.zero(y, at);
                DecodeKernels.q4(layout, w, group, input, q, y, at, 8);
            }
            case Q4_1 -> {
                DecodeMinima.plain(layout, w, group, input, q, y, at);
                DecodeKernels.q4(layout, w, group, input, q, y, at, 0);
            }
            case Q5_0 -> {
                DecodeMinima.zero(y, at);
                DecodeKernels.q5(layout, w, group, input, q, y, at, 16);
            }
            case Q5_1 -> {
                DecodeMinima.plain(layout, w, group, input, q, y, at);
                DecodeKernels.q5(layout, w, group, input, q, y, at, 0);
            }
            case Q8_0 -> {
                DecodeMinima.zero(y, at);
                DecodeKernels.q8(layout, w, group, input, q, y, at);
            }
            case Q4_K -> {
                DecodeMinima.scaled(layout, w, group, input, q, y, at);
                DecodeKernels.q4k(layout, w, group, input, q, y, at);
            }
            case Q5_K -> {
                DecodeMinima.scaled(layout, w, group, input, q, y, at);
                DecodeKernels.q5k(layout, w, group, input, q, y, at);
            }
            case Q6_K -> {
                DecodeMinima.zero(y, at);
                DecodeKernels.q6k(layout, w, group, input, q, y, at);
            }
        }
    }

    private void floats(Job job, int from, int to, MemorySegment room) {
        VectorWeight weight = job.weight();
        Matrix x = queue.x();
        Matrix y = job.y();
        MemorySegment w = weight.data();
        int cols = weight.cols();
        for (int g = from; g < to; ) {
            boolean two = (g + 2) * LANES <= weight.rows() && g + 2 <= to;
            boolean full = two || (g + 1) * LANES <= weight.rows();
            long group = g * weight.groupBytes();
            long second = two ? weight.groupBytes() : 0;
            long next = two ? 4L * LANES : 0;
            for (int i = job.first(); i < job.first() + job.count(); i++) {
                MemorySegment out = full ? y.data() : room;
                long at = full ? 4L * ((long) i * y.cols() + g * LANES) : 0;
                long row = 4L * i * cols;
                switch (weight.stored()) {
                    case F16 -> DecodeFloats.f16(w, group, second, cols, x.data(), row, out, at, next);
                    case BF16 -> DecodeFloats.bf16(w, group, second, cols, x.data(), row, out, at, next);
                    default -> DecodeFloats.f32(w, group, second, cols, x.data(), row, out, at, next);
                }
                if (!full) {
                    VectorProducts.copy(room, 0, y, i, g * LANES, weight.rows() - g * LANES);
                }
            }
            g += two ? 2 : 1;
        }
    }
}
