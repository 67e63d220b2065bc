/** Tensor types, GGUF and safetensors, quantising, model facts. */
@NullMarked
package dev.glasshouse.weights;

import org.jspecify.annotations.NullMarked;
