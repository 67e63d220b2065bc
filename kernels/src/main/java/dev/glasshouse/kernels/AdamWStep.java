package dev.glasshouse.kernels;

/**
 * The numbers of one AdamW step, rounded once by the caller.
 *
 * @param clip multiplies the gradient
 * @param keep 1 − rate · decay: multiplies the weight
 * @param beta1 of the mean of gradients
 * @param beta2 of the mean of their squares
 * @param rate learning rate over 1 − beta1^t
 * @param root √(1 − beta2^t): the root of v is divided by it
 * @param epsilon added to that
 */
public record AdamWStep(float clip, float keep, float beta1, float beta2, float rate, float root, float epsilon) {}
