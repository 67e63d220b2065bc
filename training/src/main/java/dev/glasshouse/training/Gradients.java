package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.ParameterShape;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;

/**
 * Gradients of the loss of a step, of the same shapes as the parameters. Micro-batches go on from what is there, so they
 * must be cleared before a step. With a tied embedding the head's gradient is apart from the lookup's, so that each is one
 * chain over the rows of the step; {@link #join} adds them.
 */
public final class Gradients implements AutoCloseable {
    private final List<ParameterShape> shapes;
    private final Arena arena = Arena.ofShared();
    private final List<Matrix> values;
    private final Optional<Matrix> tiedHead;

    /** Zeros. @throws dev.glasshouse.weights.GlassException if there is not enough memory */
    public Gradients(Parameters parameters) {
        shapes = parameters.shapes();
        values = Slab.of(arena, shapes);
        tiedHead = parameters.plan().tied()
                ? Optional.of(Slab.of(arena, shapes.subList(0, 1)).getFirst())
                : Optional.empty();
    }

    /** As the parameters'. */
    public List<ParameterShape> shapes() {
        return shapes;
    }

    /** The gradient of tensor i; of a tied embedding only the lookup's before {@link #join}. */
    public Matrix value(int i) {
        return values.get(i);
    }

    /** The part that a tied head adds to the embedding's. */
    Optional<Matrix> tiedHead() {
        return tiedHead;
    }

    /** Back to zeros. */
    public void clear() {
        values.forEach(value -> value.data().fill((byte) 0));
        tiedHead.ifPresent(head -> head.data().fill((byte) 0));
    }

    /** Adds a tied head's gradient to the embedding's and clears it, at the end of a step. */
    public void join(Kernels kernels) {
        tiedHead.ifPresent(head -> {
            kernels.training().combine(1, head, 1, values.getFirst(), values.getFirst());
            head.data().fill((byte) 0);
        });
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
