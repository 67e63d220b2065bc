package dev.glasshouse.weights;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An array in NumPy's {@code .npy} format, versions 1 to 3, little endian, C order (the last dimension runs fastest).
 *
 * <p>Layout: {@code \x93NUMPY}, major and minor version (one byte each), the header's length (u16, from version 2 on
 * u32), the header: a Python dict such as <code>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }</code>
 * padded with spaces and ended by a newline so that the values start at a multiple of 64.
 */
public final class Npy {
    /** The kinds of numbers read and written here. */
    public enum Kind {
        F32("<f4", 4),
        F64("<f8", 8),
        I32("<i4", 4),
        I64("<i8", 8);

        private final String description;
        private final int bytes;

        Kind(String description, int bytes) {
            this.description = description;
            this.bytes = bytes;
        }
    }

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern HEADER = Pattern.compile("\\s*\\{\\s*'descr'\\s*:\\s*'([^']*)'\\s*,\\s*'fortran_order'"
            + "\\s*:\\s*(True|False)\\s*,\\s*'shape'\\s*:\\s*\\(([0-9, ]*)\\)\\s*,?\\s*}\\s*");

    /** NumPy's own limit is 10,000. */
    private static final int LONGEST_HEADER = 10_000;

    private final Kind kind;
    private final int[] shape;
    private final ByteBuffer values;

    private Npy(Kind kind, int[] shape, ByteBuffer values) {
        this.kind = kind;
        this.shape = shape.clone();
        this.values = values.order(ByteOrder.LITTLE_ENDIAN);
        if (count(shape) * kind.bytes != values.remaining()) {
            throw new IllegalArgumentException(
                    Arrays.toString(shape) + " does not hold " + values.remaining() / kind.bytes + " values");
        }
    }

    public static Npy of(float[] values, int... shape) {
        ByteBuffer bytes = buffer(values.length, Kind.F32);
        bytes.asFloatBuffer().put(values);
        return new Npy(Kind.F32, shape, bytes);
    }

    public static Npy of(double[] values, int... shape) {
        ByteBuffer bytes = buffer(values.length, Kind.F64);
        bytes.asDoubleBuffer().put(values);
        return new Npy(Kind.F64, shape, bytes);
    }

    public static Npy of(int[] values, int... shape) {
        ByteBuffer bytes = buffer(values.length, Kind.I32);
        bytes.asIntBuffer().put(values);
        return new Npy(Kind.I32, shape, bytes);
    }

    public static Npy of(long[] values, int... shape) {
        ByteBuffer bytes = buffer(values.length, Kind.I64);
        bytes.asLongBuffer().put(values);
        return new Npy(Kind.I64, shape, bytes);
    }

    /**
     * Reads a file of less than 2 GiB.
     *
     * @throws GlassException naming the file, if it cannot be read, is no such array, or holds another kind of numbers
     */
    public static Npy read(Path file) {
        try {
            return parse(Files.readAllBytes(file));
        } catch (IOException | OutOfMemoryError e) {
            throw new GlassException("Cannot read " + file + ": " + e + ".", e);
        } catch (GlassException e) {
            throw new GlassException(file + ": " + e.getMessage(), e);
        }
    }

    /** Reads an array from the bytes of a file. @throws GlassException as {@link #read} */
    public static Npy parse(byte[] file) {
        if (file.length < 12 || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new GlassException("This is no .npy file: it does not start with \\x93NUMPY.");
        }
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int version = file[6];
        int start = version == 1 ? 10 : 12;
        long length = version == 1 ? Short.toUnsignedLong(bytes.getShort(8)) : Integer.toUnsignedLong(bytes.getInt(8));
        if (version < 1 || version > 3 || start + length > file.length) {
            throw new GlassException("The .npy file has an unknown version or is cut off inside its header.");
        }
        if (length > LONGEST_HEADER) {
            throw new GlassException("The .npy header of " + length + " bytes is longer than any array's.");
        }
        int end = (int) (start + length);
        Matcher header = HEADER.matcher(new String(file, start, end - start, StandardCharsets.UTF_8));
        if (!header.matches() || header.group(2).equals("True")) {
            throw new GlassException("The .npy header is not of an array in C order: "
                    + new String(file, start, Math.min(end - start, 200), StandardCharsets.UTF_8));
        }
        Kind kind = Arrays.stream(Kind.values())
                .filter(k -> k.description.equals(header.group(1)))
                .findFirst()
                .orElseThrow(() -> new GlassException("The .npy file holds numbers of type " + header.group(1)
                        + "; only <f4, <f8, <i4 and <i8 can be read."));
        try {
            int[] shape = Arrays.stream(header.group(3).split(","))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            if (Math.multiplyExact(count(shape), (long) kind.bytes) != file.length - end) {
                throw new GlassException("The .npy file should hold " + count(shape) + " values of " + kind.bytes
                        + " bytes but has " + (file.length - end) + " bytes: it is cut off or too long.");
            }
            return new Npy(kind, shape, bytes.position(end).slice());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new GlassException("The .npy shape (" + header.group(3) + ") is too large.", e);
        }
    }

    public Kind kind() {
        return kind;
    }

    /** The dimensions, slowest first; empty for a single number. */
    public int[] shape() {
        return shape.clone();
    }

    /** The values of an F32 array. @throws GlassException for another kind */
    public float[] floats() {
        need(Kind.F32);
        float[] out = new float[values.remaining() / 4];
        values.asFloatBuffer().get(out);
        return out;
    }

    /** The values of an F64 array, or of an F32 one widened. @throws GlassException for another kind */
    public double[] doubles() {
        if (kind == Kind.F32) {
            float[] narrow = floats();
            double[] out = new double[narrow.length];
            Arrays.setAll(out, i -> narrow[i]);
            return out;
        }
        need(Kind.F64);
        double[] out = new double[values.remaining() / 8];
        values.asDoubleBuffer().get(out);
        return out;
    }

    /** The values of an I32 array. @throws GlassException for another kind */
    public int[] ints() {
        need(Kind.I32);
        int[] out = new int[values.remaining() / 4];
        values.asIntBuffer().get(out);
        return out;
    }

    /** The values of an I64 array, or of an I32 one widened. @throws GlassException for another kind */
    public long[] longs() {
        if (kind == Kind.I32) {
            return Arrays.stream(ints()).asLongStream().toArray();
        }
        need(Kind.I64);
        long[] out = new long[values.remaining() / 8];
        values.asLongBuffer().get(out);
        return out;
    }

    /** Writes the array to a file. @throws GlassException if that fails */
    public void write(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(header(kind, shape));
            byte[] bytes = new byte[values.remaining()];
            values.duplicate().get(bytes);
            out.write(bytes);
        } catch (IOException e) {
            throw new GlassException("Cannot write " + file + ": " + e + ".", e);
        }
    }

    /** Starts a file of F32 rows that need not fit in memory. @throws GlassException if it cannot be created */
    public static RowWriter writeRows(Path file, int rows, int columns) {
        return new RowWriter(file, rows, columns);
    }

    /** Writes an F32 array of shape [rows, columns] row by row; {@link #close} checks that all rows came. */
    public static final class RowWriter implements AutoCloseable {
        private final Path file;
        private final OutputStream out;
        private final int rows;
        private final byte[] row;
        private int written;

        private RowWriter(Path file, int rows, int columns) {
            this.file = file;
            this.rows = rows;
            this.row = new byte[Math.multiplyExact(columns, 4)];
            try {
                this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
                out.write(header(Kind.F32, new int[] {rows, columns}));
            } catch (IOException e) {
                throw new GlassException("Cannot write " + file + ": " + e + ".", e);
            }
        }

        /** Writes the next row. @throws GlassException if that fails */
        public void write(float[] values) {
            if (values.length * 4 != row.length || written == rows) {
                throw new IllegalArgumentException("row " + written + " of " + values.length + " values does not fit");
            }
            ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
            written++;
            try {
                out.write(row);
            } catch (IOException e) {
                throw new GlassException("Cannot write " + file + ": " + e + ".", e);
            }
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw new GlassException("Cannot write " + file + ": " + e + ".", e);
            }
            if (written != rows) {
                throw new IllegalStateException(file + " got " + written + " of " + rows + " rows");
            }
        }
    }

    private void need(Kind wanted) {
        if (kind != wanted) {
            throw new GlassException("The array holds " + kind + " numbers where " + wanted + " is needed.");
        }
    }

    private static ByteBuffer buffer(int values, Kind kind) {
        return ByteBuffer.allocate(Math.multiplyExact(values, kind.bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long count(int[] shape) {
        long count = 1;
        for (int dimension : shape) {
            count = Math.multiplyExact(count, (long) dimension);
        }
        return count;
    }

    private static byte[] header(Kind kind, int[] shape) {
        String dimensions = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        String dictionary = String.format(
                Locale.ROOT,
                "{'descr': '%s', 'fortran_order': False, 'shape': (%s%s), }",
                kind.description,
                dimensions,
                shape.length == 1 ? "," : "");
        int length = (10 + dictionary.length() + 1 + 63) / 64 * 64 - 10;
        ByteBuffer out = ByteBuffer.allocate(10 + length).order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
        out.put(dictionary.getBytes(StandardCharsets.US_ASCII));
        Arrays.fill(out.array(), out.position(), 10 + length - 1, (byte) ' ');
        out.array()[10 + length - 1] = '\n';
        return out.array();
    }
}
