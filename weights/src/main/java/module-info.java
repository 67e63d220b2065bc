/** Tensor types, GGUF and safetensors, quantising, model facts. */
@org.jspecify.annotations.NullMarked
module dev.glasshouse.weights {
    requires static org.jspecify;

    exports dev.glasshouse.weights;
}
