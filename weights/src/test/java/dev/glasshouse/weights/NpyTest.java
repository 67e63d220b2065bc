package dev.glasshouse.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyTest {
    /** Written by NumPy 2: {@code np.save(f, np.array([[1, 2, 3], [4, 5, 6.5]], dtype="<f4"))}. */
    private static final byte[] NUMPY = numpy(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
            "0000803f0000004000004040000080400000a0400000d040");

    @TempDir
    Path folder;

    private static byte[] numpy(String header, String values) {
        byte[] body = HexFormat.of().parseHex(values);
        byte[] file = Arrays.copyOf(HexFormat.of().parseHex("934e554d505901007600"), 128 + body.length);
        Arrays.fill(file, 10, 127, (byte) ' ');
        file[127] = '\n';
        System.arraycopy(header.getBytes(StandardCharsets.US_ASCII), 0, file, 10, header.length());
        System.arraycopy(body, 0, file, 128, body.length);
        return file;
    }

    @Test
    void readsAndWritesTheBytesThatNumpyWrites() throws IOException {
        Npy array = Npy.parse(NUMPY);
        assertThat(array.shape()).containsExactly(2, 3);
        assertThat(array.floats()).containsExactly(1, 2, 3, 4, 5, 6.5f);
        Path file = folder.resolve("a.npy");
        array.write(file);
        assertThat(file).hasBinaryContent(NUMPY);
        try (Npy.RowWriter rows = Npy.writeRows(file, 2, 3)) {
            rows.write(new float[] {1, 2, 3});
            rows.write(new float[] {4, 5, 6.5f});
        }
        assertThat(file).hasBinaryContent(NUMPY);
        Npy.of(new long[] {1, -2}, 2).write(file);
        assertThat(Npy.read(file).longs()).containsExactly(1, -2);
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("'shape': (2,), }");
    }

    @Test
    void refusesBrokenFiles() {
        assertThatThrownBy(() -> Npy.parse(Arrays.copyOf(NUMPY, NUMPY.length - 1)))
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("should hold 6 values");
        assertThatThrownBy(() -> Npy.parse(Arrays.copyOf(NUMPY, 100))).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> Npy.parse(new byte[0])).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> Npy.parse(
                        numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (65536, 65536, 65536, 65536), }", "")))
                .hasMessageContaining("too large");
        assertThatThrownBy(() -> Npy.parse(numpy("{'descr': '|O', 'fortran_order': False, 'shape': (0,), }", "")))
                .hasMessageContaining("|O");
        byte[] longHeader = Arrays.copyOf(NUMPY, 70_000);
        longHeader[8] = (byte) 0xFF;
        longHeader[9] = (byte) 0xFF;
        assertThatThrownBy(() -> Npy.parse(longHeader)).hasMessageContaining("65535 bytes is longer than any");
        assertThatThrownBy(() -> Npy.read(folder.resolve("none.npy"))).hasMessageContaining("none.npy");
    }
}
