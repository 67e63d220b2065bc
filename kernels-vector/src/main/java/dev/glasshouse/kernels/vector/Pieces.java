package dev.glasshouse.kernels.vector;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Matrices value by value, in pieces: a thread copies a piece into arrays that are a whole number of vectors, so that the last piece
 * needs no code of its own.
 */
final class Pieces {
    /** Values of a piece. */
    static final int SIZE = 1024;
    /** Pieces that one thread does at least. */
    private static final int GRAIN = 8;

    private final Workers workers;
    private final Room[] rooms;

    /** A thread's arrays of {@link #SIZE} values. */
    static final class Room {
        final float[] first = new float[SIZE];
        final float[] second = new float[SIZE];
        final float[] third = new float[SIZE];
        final float[] fourth = new float[SIZE];
    }

    /** Work on {@code count} values, from value {@code at} on. */
    interface Piece {
        void run(Room room, long at, int count);
    }

    Pieces(Workers workers) {
        this.workers = workers;
        rooms = new Room[workers.threads()];
        Arrays.setAll(rooms, i -> new Room());
    }

    Room room(int worker) {
        return rooms[worker];
    }

    /** All pieces of matrices of the shape of x. */
    void each(Matrix x, Piece piece) {
        long values = (long) x.rows() * x.cols();
        int count = Math.toIntExact((values + SIZE - 1) / SIZE);
        workers.bands(count, GRAIN, (worker, from, to) -> {
            for (int i = from; i < to; i++) {
                long at = (long) i * SIZE;
                piece.run(rooms[worker], at, (int) Math.min(SIZE, values - at));
            }
        });
    }

    /** The rows of x, for work that a row's end matters to. */
    void rows(Matrix x, Workers.Band band) {
        workers.bands(x.rows(), Math.max(1, GRAIN * SIZE / Math.max(1, x.cols())), band);
    }

    static void read(Matrix x, long at, int count, float[] to) {
        MemorySegment.copy(x.data(), JAVA_FLOAT, 4 * at, to, 0, count);
    }

    static void write(float[] from, Matrix x, long at, int count) {
        MemorySegment.copy(from, 0, x.data(), JAVA_FLOAT, 4 * at, count);
    }
}
