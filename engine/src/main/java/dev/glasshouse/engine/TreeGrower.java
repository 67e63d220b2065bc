package dev.glasshouse.engine;

import dev.glasshouse.network.Batch;
import dev.glasshouse.network.Output;
import dev.glasshouse.network.SequenceState;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;

/**
 * Grows trees of what could follow a text. All tokens of a level go through the network as one batch, each on a fork of the
 * text's state that holds its own branch; wide levels are cut into several, so that the memory stays bounded.
 */
final class TreeGrower {
    private static final int MAX_WIDTH = 16;
    private static final int MAX_DEPTH = 8;
    private static final int MAX_NODES = 512;

    /** Branches in one batch. */
    private static final int FORKS = 32;

    private final Core core;
    private final int width;
    private final int depth;

    TreeGrower(Core core, int width, int depth) {
        this.core = core;
        this.width = bounded("width", width, MAX_WIDTH);
        this.depth = bounded("depth", depth, MAX_DEPTH);
        long nodes = 0;
        long level = 1;
        for (int i = 0; i < depth && nodes <= MAX_NODES; i++) {
            level *= width;
            nodes += level;
        }
        if (nodes > MAX_NODES) {
            throw new GlassException("A tree of width " + width + " and depth " + depth + " has more than " + MAX_NODES
                    + " tokens; make it narrower or less deep.");
        }
    }

    private static int bounded(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new GlassException("The " + what + " of a tree must be from 1 to " + most + ", not " + value + ".");
        }
        return value;
    }

    /** A token of the tree while it grows. */
    private static final class Branch {
        final int[] path;
        final double probability;
        final double pathProbability;
        final List<Branch> children = new ArrayList<>();
        double tail;

        Branch(int[] path, double probability, double pathProbability) {
            this.path = path;
            this.probability = probability;
            this.pathProbability = pathProbability;
        }

        TokenTree finish() {
            int id = path.length == 0 ? -1 : path[path.length - 1];
            return new TokenTree(
                    id,
                    probability,
                    pathProbability,
                    tail,
                    children.stream().map(Branch::finish).toList());
        }
    }

    TokenTree grow(int[] ids, Cancellation cancellation) {
        core.check("The text", ids);
        int levels = Math.min(depth, core.facts.context() - ids.length + 1);
        return core.background(cancellation, () -> {
            try (Feeder feeder = new Feeder(core, Turns.Kind.BACKGROUND, cancellation)) {
                float[] logits = new float[core.vocabulary()];
                if (!feeder.feed(ids, ids.length, logits, Feeder.Progress.NONE)) {
                    throw Core.cancelled();
                }
                Branch root = new Branch(new int[0], 1, 1);
                split(root, logits);
                List<Branch> level = root.children;
                for (int i = 1; i < levels; i++) {
                    level = next(feeder, level);
                }
                return root.finish();
            }
        });
    }

    /** Grows one level more; returns it. */
    private List<Branch> next(Feeder feeder, List<Branch> level) {
        List<Branch> made = new ArrayList<>();
        for (int start = 0; start < level.size(); start += FORKS) {
            List<Branch> part = level.subList(start, Math.min(level.size(), start + FORKS));
            if (feeder.turn(sequence -> compute(sequence, part)).isEmpty()) {
                throw Core.cancelled();
            }
            part.forEach(branch -> made.addAll(branch.children));
        }
        return made;
    }

    private boolean compute(Sequence sequence, List<Branch> part) {
        List<SequenceState> forks = new ArrayList<>();
        try {
            Batch batch = new Batch();
            for (Branch branch : part) {
                SequenceState fork = sequence.state().fork();
                forks.add(fork);
                batch.add(fork, branch.path).lastLogits();
            }
            Output output = core.network.forward(batch);
            float[] logits = new float[core.vocabulary()];
            for (int i = 0; i < part.size(); i++) {
                core.read(output, i, logits);
                split(part.get(i), logits);
            }
            return true;
        } finally {
            forks.forEach(SequenceState::close);
        }
    }

    private void split(Branch branch, float[] logits) {
        Softmax softmax = new Softmax(logits);
        List<Candidate> top = softmax.top(width);
        branch.tail = softmax.tail(top);
        for (Candidate candidate : top) {
            int[] path = java.util.Arrays.copyOf(branch.path, branch.path.length + 1);
            path[branch.path.length] = candidate.id();
            branch.children.add(
                    new Branch(path, candidate.probability(), branch.pathProbability * candidate.probability()));
        }
    }
}
