package dev.glasshouse.sampling;

/**
 * The interval of u that leads to one candidate. Laid end to end in the chain's order, the intervals of all candidates
 * fill 0 … 1.
 *
 * @param id the token
 * @param low the probability of all candidates before it, in the picker's own arithmetic
 * @param high low and its own probability
 */
public record Slice(int id, double low, double high) {}
