package dev.glasshouse.kernels.vector;

import static dev.glasshouse.kernels.vector.GemmKernels.DEPTH;
import static dev.glasshouse.kernels.vector.GemmKernels.HEIGHT;
import static dev.glasshouse.kernels.vector.GemmKernels.PANEL;
import static dev.glasshouse.kernels.vector.GemmKernels.ROWS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Products of two matrices, c = a·b with either transposed (the blocking of Goto and van de Geijn 2008). A piece of b, at
 * most {@link #PIECE} deep and {@link #BREADTH} wide, is laid out in panels that all threads read; each thread takes a
 * band of c's rows through it, a block of at most 64 rows at a time: the block of c comes into an array, blocks of a
 * after it, the kernels go over panels and rows, and c goes back. Running values are reloaded, never added up apart, so
 * that every value stays one fma chain, k ascending, whatever the sizes here.
 */
final class Gemm {
    /** The most k of a piece of b. */
    private static final int PIECE = 8 * DEPTH;
    /** The most columns of a piece of b. */
    private static final int BREADTH = 512;

    private final Workers workers;
    private final Room[] rooms;
    private final Workers.Band pack = this::pack;
    private final Workers.Band multiply = this::multiply;
    private float[] panels = new float[0];
    private Matrix a;
    private Matrix b;
    private Matrix c;
    private boolean aTransposed;
    private boolean bTransposed;
    /** Whether the chains go on from what c holds. */
    private boolean onto;

    private int firstK;
    private int depth;
    private int firstColumn;
    private int columns;

    /** What one thread works in. */
    private static final class Room {
        final float[] a = new float[HEIGHT * DEPTH + ROWS];
        final float[] c = new float[HEIGHT * BREADTH];
        float[] row = new float[0];
    }

    Gemm(Workers workers) {
        this.workers = workers;
        rooms = new Room[workers.threads()];
        Arrays.setAll(rooms, i -> new Room());
        a = new Matrix(MemorySegment.NULL, 0, 0);
        b = a;
        c = a;
    }

    /** {@code c = a·b} or {@code c + a·b}; a is n × k or its transpose, b k × m or its transpose. Shapes are checked. */
    void multiply(
            Matrix first, boolean firstTransposed, Matrix second, boolean secondTransposed, boolean add, Matrix into) {
        a = first;
        b = second;
        c = into;
        aTransposed = firstTransposed;
        bTransposed = secondTransposed;
        int k = firstTransposed ? first.rows() : first.cols();
        if (k == 0 && !add) {
            into.data().fill((byte) 0);
        }
        for (firstColumn = 0; firstColumn < into.cols(); firstColumn += BREADTH) {
            columns = Math.min(BREADTH, into.cols() - firstColumn);
            for (firstK = 0; firstK < k; firstK += PIECE) {
                depth = Math.min(PIECE, k - firstK);
                onto = add || firstK > 0;
                int count = (columns + PANEL - 1) / PANEL;
                if (panels.length < count * PANEL * depth) {
                    panels = new float[count * PANEL * depth];
                }
                workers.bands(count, 1, pack);
                workers.bands((into.rows() + ROWS - 1) / ROWS, 1, multiply);
            }
        }
    }

    /** Panels from … to−1: k of a panel lie one after the other, each with its columns; what is missing is 0. */
    private void pack(int worker, int from, int to) {
        for (int panel = from; panel < to; panel++) {
            int at = panel * PANEL * depth;
            int column = firstColumn + panel * PANEL;
            int width = Math.min(PANEL, firstColumn + columns - column);
            if (width < PANEL) {
                Arrays.fill(panels, at, at + PANEL * depth, 0);
            }
            if (bTransposed) {
                packTransposed(rooms[worker], at, column, width);
            } else {
                long row = 4L * ((long) firstK * b.cols() + column);
                for (int k = 0; k < depth; k++, row += 4L * b.cols()) {
                    MemorySegment.copy(b.data(), JAVA_FLOAT, row, panels, at + k * PANEL, width);
                }
            }
        }
    }

    private void packTransposed(Room room, int at, int column, int width) {
        if (room.row.length < depth) {
            room.row = new float[PIECE];
        }
        float[] row = room.row;
        for (int i = 0; i < width; i++) {
            MemorySegment.copy(b.data(), JAVA_FLOAT, 4L * ((long) (column + i) * b.cols() + firstK), row, 0, depth);
            for (int k = 0; k < depth; k++) {
                panels[at + i + k * PANEL] = row[k];
            }
        }
    }

    private void multiply(int worker, int from, int to) {
        Room room = rooms[worker];
        int end = Math.min(c.rows(), to * ROWS);
        for (int row = from * ROWS; row < end; row += HEIGHT) {
            int height = Math.min(HEIGHT, end - row);
            int width = (columns + PANEL - 1) / PANEL * PANEL;
            begin(room, row, height, width);
            for (int k = 0; k < depth; k += DEPTH) {
                int deep = Math.min(DEPTH, depth - k);
                if (aTransposed) {
                    readTransposed(room, row, height, firstK + k, deep);
                } else {
                    read(room, row, height, firstK + k, deep);
                }
                block(room, height, width, k, deep);
            }
            for (int i = 0; i < height; i++) {
                MemorySegment.copy(room.c, i * width, c.data(), JAVA_FLOAT, at(row + i), columns);
            }
        }
    }

    private void begin(Room room, int row, int height, int width) {
        if (!onto) {
            Arrays.fill(room.c, 0, height * width, 0);
            return;
        }
        for (int i = 0; i < height; i++) {
            MemorySegment.copy(c.data(), JAVA_FLOAT, at(row + i), room.c, i * width, columns);
        }
    }

    private long at(int row) {
        return 4L * ((long) row * c.cols() + firstColumn);
    }

    private void read(Room room, int row, int height, int k, int deep) {
        for (int i = 0; i < height; i++) {
            long from = 4L * ((long) (row + i) * a.cols() + k);
            MemorySegment.copy(a.data(), JAVA_FLOAT, from, room.a, i * DEPTH, deep);
        }
    }

    private void readTransposed(Room room, int row, int height, int k, int deep) {
        for (int i = 0; i < deep; i++) {
            long from = 4L * ((long) (k + i) * a.cols() + row);
            MemorySegment.copy(a.data(), JAVA_FLOAT, from, room.a, i * HEIGHT, height);
        }
    }

    /** Rows past the height meet what the arrays hold; nobody reads what comes of it. */
    private void block(Room room, int height, int width, int k, int deep) {
        for (int column = 0; column < width; column += PANEL) {
            int panel = column * depth + k * PANEL;
            for (int row = 0; row < height; row += ROWS) {
                int into = row * width + column;
                if (aTransposed) {
                    GemmKernels.columns(room.a, row, panels, panel, deep, room.c, into, width);
                } else {
                    GemmKernels.rows(room.a, row * DEPTH, panels, panel, deep, room.c, into, width);
                }
            }
        }
    }
}
