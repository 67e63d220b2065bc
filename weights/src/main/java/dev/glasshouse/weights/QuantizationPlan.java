package dev.glasshouse.weights;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which type each tensor gets. The rules are llama.cpp's (llama-quant.cpp, without an importance matrix):
 *
 * <ul>
 *   <li>Only weights of two or more dimensions change; norms, expert routers, positions and other small tables stay.
 *   <li>The output matrix, or the embedding where the two are one, becomes Q6_K (Q8_0 for the recipe Q8_0, or where a row
 *       is not a whole number of blocks).
 *   <li>The mixes _M give more bits to the value projection and the down projection of the first and last eighth of the
 *       layers and of every third between; _S to the first four values and the first eighth of downs. Models of eight
 *       experts keep keys and values in Q8_0.
 *   <li>Where a row is not a whole number of blocks: Q4_K → Q5_0, Q5_K → Q5_1, Q6_K → Q8_0, and F16 where 32 does not
 *       divide it either.
 * </ul>
 */
final class QuantizationPlan {
    private static final List<String> KEPT = List.of(
            "_norm.weight",
            "ffn_gate_inp.weight",
            "altup",
            "laurel",
            "per_layer_model_proj",
            "ssm_conv1d",
            "shortconv.conv.weight",
            "attn_rel_b.weight",
            ".position_embd",
            ".patch_embd");
    private static final Pattern KEPT_OF_RWKV =
            Pattern.compile(".*time_mix_(first|[wva][012]|g[12]|decay_w[12]|lerp_fused)\\.weight");
    private static final List<String> KEPT_WHOLE = List.of("position_embd.weight", "token_types.weight");
    private static final Pattern LAYER = Pattern.compile("blk\\.([0-9]{1,6})\\..*");

    private final Quantizer.Recipe recipe;
    private final boolean tied;
    private final boolean falcon;
    private final boolean large;
    private final int layers;
    private final long experts;
    /** The places of the value projections in the order of their layers. */
    private final Map<String, Integer> values;

    /** The places of the down projections in the order of their layers. */
    private final Map<String, Integer> downs;

    private QuantizationPlan(GgufFile source, Quantizer.Recipe recipe) {
        this.recipe = recipe;
        Metadata metadata = source.metadata();
        String architecture = metadata.string("general.architecture").orElse("");
        this.tied = source.tensor("output.weight").isEmpty();
        this.falcon = architecture.equals("falcon");
        this.layers = (int) metadata.integer(architecture + ".block_count").orElse(0);
        this.large = layers == 80 && architecture.equals("llama");
        this.experts = metadata.integer(architecture + ".expert_count").orElse(0);
        this.values = byLayer(source, QuantizationPlan::isValue);
        this.downs = byLayer(source, name -> name.contains("ffn_down"));
    }

    /** The tensors of the source in their order, with their new types. */
    static List<TensorInfo> of(GgufFile source, Quantizer.Recipe recipe) {
        QuantizationPlan plan = new QuantizationPlan(source, recipe);
        List<TensorInfo> out = new ArrayList<>();
        for (Tensor tensor : source.tensors()) {
            out.add(new TensorInfo(tensor.name(), plan.typeOf(tensor), tensor.shape(), 0, 0));
        }
        return out;
    }

    private static Map<String, Integer> byLayer(GgufFile source, Predicate<String> wanted) {
        List<String> names = source.tensors().stream()
                .map(Tensor::name)
                .filter(wanted)
                .sorted(Comparator.comparingInt(QuantizationPlan::layer))
                .toList();
        Map<String, Integer> places = HashMap.newHashMap(names.size());
        for (String name : names) {
            places.put(name, places.size());
        }
        return places;
    }

    private static int layer(String name) {
        Matcher layer = LAYER.matcher(name);
        return layer.matches() ? Integer.parseInt(layer.group(1)) : 0;
    }

    private TensorType typeOf(Tensor tensor) {
        TensorType old = tensor.type();
        boolean number =
                old.blockSize() > 1 || old == TensorType.F32 || old == TensorType.F16 || old == TensorType.BF16;
        if (recipe == Quantizer.Recipe.F32) {
            return number ? TensorType.F32 : old;
        }
        if (!number || !changes(tensor)) {
            return old;
        }
        if (recipe.type().blockSize() == 1) {
            return recipe.type();
        }
        return fitting(wanted(tensor.name(), tensor.columns()), tensor.columns());
    }

    private static boolean changes(Tensor tensor) {
        long[] shape = tensor.shape();
        int dimensions = shape.length;
        while (dimensions > 1 && shape[dimensions - 1] == 1) {
            dimensions--;
        }
        String name = tensor.name();
        return dimensions > 1
                && name.endsWith("weight")
                && KEPT.stream().noneMatch(name::contains)
                && !KEPT_OF_RWKV.matcher(name).matches()
                && !KEPT_WHOLE.contains(name);
    }

    private static boolean isValue(String name) {
        return name.contains("attn_v.weight") || name.contains("attn_qkv.weight") || name.contains("attn_kv_b.weight");
    }

    private TensorType wanted(String name, long columns) {
        TensorType type = recipe.type();
        boolean embedding = name.equals("token_embd.weight") || name.equals("per_layer_token_embd.weight");
        if (name.equals("output.weight") || (tied && embedding)) {
            boolean whole = columns % type.blockSize() == 0 && !falcon;
            return whole && type != TensorType.Q8_0 ? TensorType.Q6_K : TensorType.Q8_0;
        }
        if (embedding) {
            return type;
        }
        if (isValue(name)) {
            return wantedValue(type, values.getOrDefault(name, -1));
        }
        if (name.contains("attn_k.weight")) {
            return experts == 8 ? TensorType.Q8_0 : type;
        }
        if (name.contains("attn_output.weight")) {
            boolean small = recipe == Quantizer.Recipe.Q4_K_S || recipe == Quantizer.Recipe.Q4_K_M;
            return experts == 8 && small && !falcon ? TensorType.Q5_K : type;
        }
        return name.contains("ffn_down")
                ? wantedDown(type, experts > 1 ? layer(name) : downs.getOrDefault(name, -1))
                : type;
    }

    private TensorType wantedValue(TensorType type, int index) {
        if (experts == 8) {
            return TensorType.Q8_0;
        }
        if (isMedium() && moreBits(index, values.size())) {
            return TensorType.Q6_K;
        }
        boolean early = recipe == Quantizer.Recipe.Q4_K_S && index < 4;
        return early || (large && type == TensorType.Q4_K) ? TensorType.Q5_K : type;
    }

    private TensorType wantedDown(TensorType type, int layer) {
        if (recipe == Quantizer.Recipe.Q4_K_M && falcon) {
            return layer < layers / 16 ? TensorType.Q6_K : moreBits(layer, layers) ? TensorType.Q5_K : type;
        }
        if (isMedium() && moreBits(layer, layers)) {
            return TensorType.Q6_K;
        }
        return recipe == Quantizer.Recipe.Q4_K_S && !falcon && layer < layers / 8 ? TensorType.Q5_K : type;
    }

    private boolean isMedium() {
        return recipe == Quantizer.Recipe.Q4_K_M || recipe == Quantizer.Recipe.Q5_K_M;
    }

    private static boolean moreBits(int layer, int layers) {
        return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
    }

    private static TensorType fitting(TensorType type, long columns) {
        if (columns % type.blockSize() == 0) {
            return type;
        }
        TensorType smaller =
                switch (type) {
                    case Q4_K -> TensorType.Q5_0;
                    case Q5_K -> TensorType.Q5_1;
                    case Q6_K -> TensorType.Q8_0;
                    default -> type;
                };
        return columns % smaller.blockSize() == 0 ? smaller : TensorType.F16;
    }
}
