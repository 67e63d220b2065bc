package dev.glasshouse.training;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.TrainingKernels;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings the singular values of a matrix near 1 (Muon, Jordan et al. 2024): X = G/‖G‖, then a few times A = X·Xᵀ, X =
 * 3.4445·X + (−4.775·A + 2.0315·A²)·X. A high matrix is taken from its other side, A = Xᵀ·X and X·(…), so that A is the
 * smaller square; that is the same as turning it, without turning it.
 */
final class NewtonSchulz implements AutoCloseable {
    private static final float LINEAR = 3.4445f;
    private static final float CUBIC = -4.7750f;
    private static final float QUINTIC = 2.0315f;
    private static final double SMALLEST_NORM = 1e-7;

    private final TrainingKernels training;
    private final int steps;
    private final Arena arena = Arena.ofShared();
    private final Map<Long, Room> rooms = new TreeMap<>();

    /** What matrices of one shape need. */
    private record Room(Matrix x, Matrix next, Matrix square, Matrix squared) {
        static Room in(Arena arena, int rows, int cols) {
            int side = Math.min(rows, cols);
            Slab slab = new Slab(arena, bytes(rows, cols));
            return new Room(slab.cut(rows, cols), slab.cut(rows, cols), slab.cut(side, side), slab.cut(side, side));
        }
    }

    NewtonSchulz(TrainingKernels training, int steps) {
        this.training = training;
        this.steps = steps;
    }

    /** What matrices of one shape take, however many there are. */
    static long bytes(long rows, long cols) {
        long side = Math.min(rows, cols);
        return 2 * (Slab.bytes(rows, cols) + Slab.bytes(side, side));
    }

    /**
     * Where the next matrix of this shape goes; the same memory each time.
     *
     * @throws dev.glasshouse.weights.GlassException if it is the first and there is not enough memory
     */
    Matrix room(int rows, int cols) {
        return of(rows, cols).x;
    }

    private Room of(int rows, int cols) {
        return rooms.computeIfAbsent((long) rows << 32 | cols, shape -> Room.in(arena, rows, cols));
    }

    /** The result for what is in {@link #room}; in memory of this object. */
    Matrix orthogonal(int rows, int cols) {
        Room room = of(rows, cols);
        Matrix x = room.x;
        Matrix next = room.next;
        double norm = Math.max(StrictMath.sqrt(training.sumOfSquares(x)), SMALLEST_NORM);
        training.combine(0, x, (float) (1 / norm), x, x);
        boolean high = rows > cols;
        for (int i = 0; i < steps; i++) {
            if (high) {
                training.productTN(x, x, false, room.square);
            } else {
                training.productNT(x, x, false, room.square);
            }
            training.productNN(room.square, room.square, false, room.squared);
            training.combine(QUINTIC, room.squared, CUBIC, room.square, room.square);
            if (high) {
                training.productNN(x, room.square, false, next);
            } else {
                training.productNN(room.square, x, false, next);
            }
            training.combine(LINEAR, x, 1, next, next);
            Matrix last = x;
            x = next;
            next = last;
        }
        return x;
    }

    @Override
    public void close() {
        arena.close();
    }
}
