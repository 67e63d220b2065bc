package dev.glasshouse.kernels.vector;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width, chosen once: the property {@code glasshouse.vector.bits} (128, 256 or 512), else what the machine
 * prefers, at most 512. Results do not depend on it.
 */
final class Width {
    static final int BITS = bits();
    private static final VectorShape SHAPE = VectorShape.forBitSize(BITS);
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_128.withShape(SHAPE);
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_128.withShape(SHAPE);
    static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_128.withShape(SHAPE);
    static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128.withShape(SHAPE);
    /** F32 lanes. */
    static final int LANES = BITS / 32;

    /** Multiplies the bits of an F16 without sign, moved up 13, to its value; exact, subnormals included. */
    static final float HALF = 0x1p112f;

    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ORDER);

    private Width() {}

    private static int bits() {
        Integer wanted = Integer.getInteger("glasshouse.vector.bits");
        if (wanted == null) {
            return Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
        }
        if (wanted != 128 && wanted != 256 && wanted != 512) {
            throw new IllegalArgumentException("glasshouse.vector.bits is 128, 256 or 512, not " + wanted);
        }
        return wanted;
    }
}
