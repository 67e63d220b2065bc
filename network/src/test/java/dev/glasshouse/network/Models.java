package dev.glasshouse.network;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.kernels.KvType;
import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.weights.Json;
import dev.glasshouse.weights.ModelFile;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The oracles in the test resources, and short forms of what most tests do. */
final class Models {
    private Models() {}

    static Path path(String name) {
        try {
            URL url = Objects.requireNonNull(Models.class.getResource(name), name);
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Network load(String name, Kernels kernels) {
        try (ModelFile file = ModelFile.open(path(name))) {
            return Network.load(file, kernels, LoadListener.SILENT);
        }
    }

    static int[] ints(List<Json> values) {
        return values.stream().mapToInt(value -> (int) value.asLong()).toArray();
    }

    /** Logits of every row, the whole sequence at once. */
    static float[][] logits(Network network, int[] ids, KvType type) {
        try (SequenceState state = network.newState(type, ids.length)) {
            Batch batch = new Batch();
            batch.add(state, ids).allLogits();
            return rows(network.forward(batch).logits());
        }
    }

    /** The first {@code prompt.length} ids given, the others greedy. */
    static int[] greedy(Network network, int[] prompt, int length, KvType type) {
        int[] ids = java.util.Arrays.copyOf(prompt, length);
        try (SequenceState state = network.newState(type, length)) {
            Batch batch = new Batch();
            batch.add(state, prompt).lastLogits();
            for (int i = prompt.length; i < length; i++) {
                ids[i] = argmax(network.forward(batch).logits().row(0));
                batch.clear();
                batch.add(state, ids[i]).lastLogits();
            }
        }
        return ids;
    }

    static int argmax(float[] row) {
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            if (row[i] > row[best]) {
                best = i;
            }
        }
        return best;
    }

    static float[][] rows(Matrix matrix) {
        float[][] rows = new float[matrix.rows()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = matrix.row(i);
        }
        return rows;
    }

    /** The largest absolute difference between rows and a flat row-major array; NaN counts as infinite. */
    static double difference(float[][] rows, float[] flat) {
        double most = 0;
        int at = 0;
        for (float[] row : rows) {
            for (float value : row) {
                double difference = Math.abs((double) value - flat[at++]);
                most = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(most, difference);
            }
        }
        return most;
    }
}
