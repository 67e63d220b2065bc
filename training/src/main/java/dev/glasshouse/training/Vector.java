package dev.glasshouse.training;

import dev.glasshouse.kernels.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A parameter of one row as an array, as the kernels of a forward pass take it. */
final class Vector {
    private final Matrix source;
    private final float[] values;
    private final int place;
    private final boolean trained;

    Vector(Parameters parameters, String name) {
        place = parameters.place(name);
        source = parameters.value(place);
        values = new float[source.cols()];
        trained = parameters.shapes().get(place).trained();
        refresh();
    }

    void refresh() {
        MemorySegment.copy(source.data(), ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
    }

    float[] values() {
        return values;
    }

    /** Which tensor it is. */
    int place() {
        return place;
    }

    boolean trained() {
        return trained;
    }
}
