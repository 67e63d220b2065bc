package dev.glasshouse.weights;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers one by one, little endian: F32, F16 (IEEE 754 binary16), BF16 (the upper half of an F32) and others. */
final class PlainNumbers {
    private static final VarHandle FLOAT = view(float[].class);
    private static final VarHandle DOUBLE = view(double[].class);
    private static final VarHandle SHORT = view(short[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle LONG = view(long[].class);

    private PlainNumbers() {}

    private static VarHandle view(Class<?> array) {
        return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
    }

    static void unpackF32(byte[] src, int at, float[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            dst[to + i] = (float) FLOAT.get(src, at + 4 * i);
        }
    }

    static void unpackF64(byte[] src, int at, float[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            dst[to + i] = (float) (double) DOUBLE.get(src, at + 8 * i);
        }
    }

    static void unpackF16(byte[] src, int at, float[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            dst[to + i] = Float.float16ToFloat((short) SHORT.get(src, at + 2 * i));
        }
    }

    static void unpackBf16(byte[] src, int at, float[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            dst[to + i] = Float.intBitsToFloat((short) SHORT.get(src, at + 2 * i) << 16);
        }
    }

    static void unpackI8(byte[] src, int at, float[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            dst[to + i] = src[at + i];
        }
    }

    static void unpackI16(byte[] src, int at, float[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            dst[to + i] = (short) SHORT.get(src, at + 2 * i);
        }
    }

    static void unpackI32(byte[] src, int at, float[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            dst[to + i] = (float) (int) INT.get(src, at + 4 * i);
        }
    }

    static void unpackI64(byte[] src, int at, float[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            dst[to + i] = (float) (long) LONG.get(src, at + 8 * i);
        }
    }

    static void packF32(float[] src, int at, byte[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            FLOAT.set(dst, to + 4 * i, src[at + i]);
        }
    }

    static void packF16(float[] src, int at, byte[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            SHORT.set(dst, to + 2 * i, Float.floatToFloat16(src[at + i]));
        }
    }

    static void packBf16(float[] src, int at, byte[] dst, int to, int count) {
        for (int i = 0; i < count; i++) {
            SHORT.set(dst, to + 2 * i, bf16(src[at + i]));
        }
    }

    /** The nearest BF16, ties to even; NaN stays a quiet NaN. */
    static short bf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 64);
        }
        return (short) (bits + (0x7FFF + (bits >>> 16 & 1)) >>> 16);
    }
}
