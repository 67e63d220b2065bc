package dev.glasshouse.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * Packs floats into the block types and unpacks them. What comes out equals what llama.cpp's reference routines give,
 * bit for bit.
 */
public final class TensorCodec {
    /** Bytes handed to a family at a time: they fit the first-level cache with the floats they become. */
    private static final int CHUNK = 8 * 1024;

    /** How the blocks of a family of types are read. */
    interface Unpacker {
        /** Unpacks whole blocks from {@code src} at {@code at} to {@code dst} at {@code to}. */
        void unpack(byte[] src, int at, float[] dst, int to, int blocks);
    }

    /** How the blocks of a family of types are made. */
    interface Packer {
        /** Packs whole blocks from {@code src} at {@code at} to {@code dst}, which is all zeros, at {@code to}. */
        void pack(float[] src, int at, byte[] dst, int to, int blocks);
    }

    private TensorCodec() {}

    /**
     * Unpacks values.
     *
     * @param type how they are stored: any type but Q8_1, which no file holds
     * @param src their bytes
     * @param srcOffset byte of {@code src} at which the first block starts
     * @param dst where the floats go, from {@code dstOffset} on
     * @param count how many, a whole number of blocks
     * @throws IllegalArgumentException if the type cannot be unpacked or {@code count} is not whole blocks
     * @throws IndexOutOfBoundsException if {@code src} or {@code dst} is too short
     */
    public static void unpack(
            TensorType type, MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
        Objects.checkFromIndexSize(dstOffset, count, dst.length);
        Objects.checkFromIndexSize(srcOffset, type.bytes(count), src.byteSize());
        Unpacker unpacker = unpacker(type);
        int blocks = count / type.blockSize();
        int chunk = Math.max(1, CHUNK / type.blockBytes());
        byte[] bytes = new byte[Math.min(blocks, chunk) * type.blockBytes()];
        for (int done = 0; done < blocks; done += chunk) {
            int now = Math.min(chunk, blocks - done);
            long from = srcOffset + (long) done * type.blockBytes();
            MemorySegment.copy(src, ValueLayout.JAVA_BYTE, from, bytes, 0, now * type.blockBytes());
            unpacker.unpack(bytes, 0, dst, dstOffset + done * type.blockSize(), now);
        }
    }

    /** Whether {@link #pack} knows the type. */
    public static boolean canPack(TensorType type) {
        return switch (type) {
            case F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> true;
            default -> false;
        };
    }

    /**
     * Packs values; the inverse of {@link #unpack}, with loss.
     *
     * @param count how many, a whole number of blocks
     * @throws IllegalArgumentException if the type cannot be packed or {@code count} is not whole blocks
     * @throws IndexOutOfBoundsException if {@code src} or {@code dst} is too short
     */
    public static void pack(TensorType type, float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
        Objects.checkFromIndexSize(srcOffset, count, src.length);
        Objects.checkFromIndexSize(dstOffset, type.bytes(count), dst.byteSize());
        Packer packer = packer(type);
        int blocks = count / type.blockSize();
        int chunk = Math.max(1, CHUNK / type.blockBytes());
        byte[] bytes = new byte[Math.min(blocks, chunk) * type.blockBytes()];
        for (int done = 0; done < blocks; done += chunk) {
            int now = Math.min(chunk, blocks - done);
            Arrays.fill(bytes, (byte) 0);
            packer.pack(src, srcOffset + done * type.blockSize(), bytes, 0, now);
            long to = dstOffset + (long) done * type.blockBytes();
            MemorySegment.copy(bytes, 0, dst, ValueLayout.JAVA_BYTE, to, now * type.blockBytes());
        }
    }

    private static Unpacker unpacker(TensorType type) {
        return switch (type) {
            case F32 -> PlainNumbers::unpackF32;
            case F64 -> PlainNumbers::unpackF64;
            case F16 -> PlainNumbers::unpackF16;
            case BF16 -> PlainNumbers::unpackBf16;
            case I8 -> PlainNumbers::unpackI8;
            case I16 -> PlainNumbers::unpackI16;
            case I32 -> PlainNumbers::unpackI32;
            case I64 -> PlainNumbers::unpackI64;
            case Q4_0 -> SimpleBlocks::unpackQ40;
            case Q4_1 -> SimpleBlocks::unpackQ41;
            case Q5_0 -> SimpleBlocks::unpackQ50;
            case Q5_1 -> SimpleBlocks::unpackQ51;
            case Q8_0 -> SimpleBlocks::unpackQ80;
            case Q1_0 -> LowBitBlocks::unpackQ10;
            case Q2_0 -> LowBitBlocks::unpackQ20;
            case TQ1_0 -> LowBitBlocks::unpackTq10;
            case TQ2_0 -> LowBitBlocks::unpackTq20;
            case MXFP4 -> Fp4Blocks::unpackMxfp4;
            case NVFP4 -> Fp4Blocks::unpackNvfp4;
            case Q2_K -> SuperBlocks::unpackQ2k;
            case Q3_K -> SuperBlocks::unpackQ3k;
            case Q4_K -> SuperBlocks::unpackQ4k;
            case Q5_K -> SuperBlocks::unpackQ5k;
            case Q6_K -> SuperBlocks::unpackQ6k;
            case Q8_K -> SuperBlocks::unpackQ8k;
            case IQ1_S -> CodebookBlocks::unpackIq1s;
            case IQ1_M -> CodebookBlocks::unpackIq1m;
            case IQ2_XXS -> CodebookBlocks::unpackIq2xxs;
            case IQ2_XS -> CodebookBlocks::unpackIq2xs;
            case IQ2_S -> CodebookBlocks::unpackIq2s;
            case IQ3_XXS -> CodebookBlocks::unpackIq3xxs;
            case IQ3_S -> CodebookBlocks::unpackIq3s;
            case IQ4_NL -> CodebookBlocks::unpackIq4nl;
            case IQ4_XS -> CodebookBlocks::unpackIq4xs;
            case Q8_1 -> throw new IllegalArgumentException("Q8_1 is no type of files");
        };
    }

    private static Packer packer(TensorType type) {
        return switch (type) {
            case F32 -> PlainNumbers::packF32;
            case F16 -> PlainNumbers::packF16;
            case BF16 -> PlainNumbers::packBf16;
            case Q4_0 -> SimpleBlocks::packQ40;
            case Q4_1 -> SimpleBlocks::packQ41;
            case Q5_0 -> SimpleBlocks::packQ50;
            case Q5_1 -> SimpleBlocks::packQ51;
            case Q8_0 -> SimpleBlocks::packQ80;
            case Q4_K -> SuperBlockPacking::packQ4k;
            case Q5_K -> SuperBlockPacking::packQ5k;
            case Q6_K -> SuperBlockPacking::packQ6k;
            default -> throw new IllegalArgumentException(type + " cannot be packed");
        };
    }

    /** The unsigned byte at an index. */
    static int u8(byte[] bytes, int at) {
        return bytes[at] & 0xFF;
    }

    /** The unsigned 16 bits at an index. */
    static int u16(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8;
    }

    /** The 32 bits at an index. */
    static int i32(byte[] bytes, int at) {
        return u16(bytes, at) | u16(bytes, at + 2) << 16;
    }

    /** The half-precision number at an index. */
    static float f16(byte[] bytes, int at) {
        return Float.float16ToFloat((short) u16(bytes, at));
    }

    static void putU16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
    }

    static void putI32(byte[] bytes, int at, int value) {
        putU16(bytes, at, value);
        putU16(bytes, at + 2, value >>> 16);
    }

    static void putF16(byte[] bytes, int at, float value) {
        putU16(bytes, at, Float.floatToFloat16(value));
    }
}
