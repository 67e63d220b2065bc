package dev.glasshouse.sampling;

/**
 * One candidate as recorded.
 *
 * @param id the token
 * @param logit its logit at that stage
 * @param probability its share among all that are left at that stage, computed in F64
 */
public record Candidate(int id, float logit, double probability) {}
