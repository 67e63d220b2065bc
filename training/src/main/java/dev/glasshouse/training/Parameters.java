package dev.glasshouse.training;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.network.ParameterShape;
import dev.glasshouse.network.ParameterShape.Role;
import dev.glasshouse.network.ParameterValues;
import dev.glasshouse.weights.FileDigest;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.ModelFile;
import dev.glasshouse.weights.Tensor;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The weights of a model that trains, in F32, in the order of {@link ModelPlan#parameters}. */
public final class Parameters implements AutoCloseable {
    private static final double DEVIATION = 0.02;

    private final ModelPlan plan;
    private final List<ParameterShape> shapes;
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final Arena arena = Arena.ofShared();
    private final List<Matrix> values;

    /** Zeros. @throws GlassException if there is not enough memory */
    public Parameters(ModelPlan plan) {
        this.plan = plan;
        shapes = plan.parameters();
        for (int i = 0; i < shapes.size(); i++) {
            places.put(shapes.get(i).name(), i);
        }
        values = Slab.of(arena, shapes);
    }

    /**
     * The weights that training begins with: tables and projections N(0, 0.02), those that write to the residual N(0,
     * 0.02/√(2·layers)) (GPT-2), norms 1, biases 0. A function of plan and seed alone.
     */
    public static Parameters initial(ModelPlan plan, long seed) {
        Parameters parameters = new Parameters(plan);
        for (int i = 0; i < parameters.shapes.size(); i++) {
            ParameterShape shape = parameters.shapes.get(i);
            float[] row = new float[shape.cols()];
            double[] pair = new double[2];
            long key = Keys.of(Keys.mix(seed), i);
            double deviation = deviation(shape, plan);
            for (int r = 0; r < shape.rows(); r++) {
                for (int c = 0; c < row.length; c++) {
                    long at = (long) r * row.length + c;
                    if (deviation > 0 && (at % 2 == 0 || c == 0)) {
                        Keys.normals(key, at / 2, pair);
                    }
                    row[c] = shape.role() == Role.NORM ? 1 : (float) (deviation * pair[(int) (at % 2)]);
                }
                parameters.values.get(i).setRow(r, row);
            }
        }
        return parameters;
    }

    private static double deviation(ParameterShape shape, ModelPlan plan) {
        boolean residual =
                shape.name().endsWith("attn_output.weight") || shape.name().endsWith("ffn_down.weight");
        return switch (shape.role()) {
            case NORM, BIAS, ZERO -> 0;
            case EMBEDDING, POSITIONS, HEAD, MATRIX ->
                residual ? DEVIATION / StrictMath.sqrt(2.0 * plan.layers()) : DEVIATION;
        };
    }

    /**
     * The weights of a GGUF file or a folder in the layout of Hugging Face, in F32, rows as GGUF has them.
     *
     * @throws GlassException if its model cannot train or a tensor is missing, unknown or of another shape; memory is taken
     *     only for what the file's tensors can fill
     */
    public static Parameters load(ModelFile file) {
        ParameterValues source = new ParameterValues(file);
        checkBacked(source.plan(), file);
        Parameters parameters = new Parameters(source.plan());
        boolean done = false;
        try {
            for (int i = 0; i < parameters.shapes.size(); i++) {
                source.read(parameters.shapes.get(i), parameters.values.get(i));
            }
            source.checkAllUsed();
            done = true;
            return parameters;
        } finally {
            if (!done) {
                parameters.close();
            }
        }
    }

    /**
     * A file's hyperparameters cost it a few bytes, memory for what they promise may be gigabytes: the tensors, whose sizes
     * the file's own size bears out, must hold as much before any is taken.
     */
    private static void checkBacked(ModelPlan plan, ModelFile file) {
        long asked = plan.parameters().stream().mapToLong(ParameterShape::count).sum();
        long held = file.tensors().stream().mapToLong(Tensor::elements).sum();
        if (asked > held) {
            throw new GlassException("The hyperparameters in " + file.files().getFirst() + " ask for " + asked
                    + " values, but its tensors hold only " + held
                    + ": it is broken or incomplete. Fetch it again.");
        }
    }

    /** What model they are of. */
    public ModelPlan plan() {
        return plan;
    }

    /** What there is. */
    public List<ParameterShape> shapes() {
        return shapes;
    }

    /** Tensor i, to read and to change. */
    public Matrix value(int i) {
        return values.get(i);
    }

    /** A tensor by its name. @throws IllegalArgumentException if there is none */
    public Matrix value(String name) {
        return values.get(place(name));
    }

    /** Where a tensor stands in the order. @throws IllegalArgumentException if there is none */
    public int place(String name) {
        Integer place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return place;
    }

    boolean has(String name) {
        return places.containsKey(name);
    }

    /** Number of values that train. */
    public long count() {
        return shapes.stream()
                .filter(ParameterShape::trained)
                .mapToLong(ParameterShape::count)
                .sum();
    }

    /** A hash over names, shapes and values (little endian), in order: lower-case hexadecimal. */
    public String sha256() {
        MessageDigest digest = FileDigest.sha256();
        for (int i = 0; i < shapes.size(); i++) {
            add(digest, shapes.get(i).name(), values.get(i));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Adds a tensor to a hash: its name, its shape, its values in little endian. */
    static void add(MessageDigest digest, String name, Matrix values) {
        digest.update((name + " " + values.rows() + " " + values.cols() + "\n").getBytes(StandardCharsets.UTF_8));
        Bytes.littleEndian(values.data(), digest::update);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
