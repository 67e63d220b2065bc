package dev.glasshouse.training;

import dev.glasshouse.network.ModelPlan;
import dev.glasshouse.network.ParameterShape;
import dev.glasshouse.weights.GgufWriter;
import dev.glasshouse.weights.Metadata;
import dev.glasshouse.weights.TensorInfo;
import dev.glasshouse.weights.TensorType;
import java.nio.file.Path;
import java.util.List;

/** Weights that trained, as a GGUF file in F32. A function of weights, tokenizer and info: no dates, no paths. */
final class ModelWriter {
    private ModelWriter() {}

    static void gguf(Path file, Parameters parameters, TokenizerFiles tokenizer, ModelInfo info) {
        ModelPlan plan = parameters.plan();
        Metadata.Builder pairs = Metadata.builder()
                .putAll(plan.metadata())
                .put("general.type", "model")
                .put("general.name", info.name())
                .put("general.license", info.licence());
        if (!info.description().isEmpty()) {
            pairs.put("general.description", info.description());
        }
        if (!info.languages().isEmpty()) {
            pairs.putStrings("general.languages", info.languages());
        }
        Metadata metadata =
                pairs.putUint32("general.file_type", 0).putAll(tokenizer.gguf()).build();
        List<TensorInfo> tensors =
                parameters.shapes().stream().map(ModelWriter::info).toList();
        try (GgufWriter writer = GgufWriter.create(file, metadata, tensors)) {
            for (int i = 0; i < tensors.size(); i++) {
                writer.write(parameters.value(i).data());
            }
            writer.finish();
        }
    }

    private static TensorInfo info(ParameterShape shape) {
        return shape.rows() == 1
                ? GgufWriter.tensor(shape.name(), TensorType.F32, shape.cols())
                : GgufWriter.tensor(shape.name(), TensorType.F32, shape.cols(), shape.rows());
    }
}
