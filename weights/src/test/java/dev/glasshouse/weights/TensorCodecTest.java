package dev.glasshouse.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The oracle: bytes and floats made by llama.cpp's reference routines, see the README of the test resources. */
class TensorCodecTest {
    private static final int COUNT = 4 * 1024;

    static Stream<String> names() {
        return new String(TestFiles.bytes("quantization/INDEX.tsv"), StandardCharsets.UTF_8)
                .lines()
                .skip(1)
                .map(line -> line.split("\t")[1]);
    }

    static float[] floats(String name) {
        return MemorySegment.ofArray(TestFiles.bytes("quantization/" + name))
                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }

    private static TensorType type(String name) {
        return TensorType.valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Test
    void theOracleHasTwentySevenTypes() {
        assertThat(names()).hasSize(27);
    }

    @ParameterizedTest
    @MethodSource("names")
    void unpacksToTheSameBits(String name) {
        MemorySegment packed = MemorySegment.ofArray(TestFiles.bytes("quantization/" + name + ".bin"));
        float[] expected = floats(name + ".dequant.f32");
        float[] whole = new float[COUNT + 1];
        TensorCodec.unpack(type(name), packed, 0, whole, 1, COUNT);
        for (int i = 0; i < COUNT; i++) {
            assertThat(Float.floatToRawIntBits(whole[1 + i]))
                    .as("value %d: %s, expected %s", i, whole[1 + i], expected[i])
                    .isEqualTo(Float.floatToRawIntBits(expected[i]));
        }
        float[] row = new float[1024];
        TensorCodec.unpack(type(name), packed, type(name).bytes(2048), row, 0, 1024);
        for (int i = 0; i < 1024; i++) {
            assertThat(row[i]).isEqualTo(expected[2048 + i]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q4_K", "q5_K", "q6_K"})
    void packsToTheSameBytes(String name) {
        float[] input = floats("input_4x1024.f32");
        byte[] expected = TestFiles.bytes("quantization/" + name + ".bin");
        byte[] packed = new byte[expected.length + 3];
        TensorCodec.pack(type(name), input, 0, MemorySegment.ofArray(packed), 3, COUNT);
        int wrong = 0;
        for (int i = 0; i < expected.length; i++) {
            wrong += packed[3 + i] == expected[i] ? 0 : 1;
        }
        assertThat(wrong).as("wrong bytes of " + expected.length).isZero();
        assertThat(TensorCodec.canPack(type(name))).isTrue();
    }
}
