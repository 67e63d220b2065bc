package dev.glasshouse.engine;

import java.util.List;

/**
 * What could follow a text: the likeliest tokens, what could follow each, and so on. Probabilities are the model's own, before
 * any sampler stage.
 *
 * @param id the token; −1 at the root, which stands for the text
 * @param probability given what comes before it; 1 at the root
 * @param pathProbability the product of the probabilities from the root to here
 * @param tail probability, given this token, of all that are not among the children; 0 at leaves
 * @param children by falling probability; empty at leaves
 */
public record TokenTree(int id, double probability, double pathProbability, double tail, List<TokenTree> children) {
    public TokenTree {
        children = List.copyOf(children);
    }

    /** Tokens in it, the root left out. */
    public int size() {
        return children.stream().mapToInt(child -> 1 + child.size()).sum();
    }
}
