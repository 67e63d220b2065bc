/** Training: a decoder with its gradients, optimisers, checkpoints, recipes, verification. */
@org.jspecify.annotations.NullMarked
package dev.glasshouse.training;
