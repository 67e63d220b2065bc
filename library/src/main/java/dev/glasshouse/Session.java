package dev.glasshouse;

import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.Draws;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.engine.Look;
import dev.glasshouse.engine.Timings;
import dev.glasshouse.engine.TokenTree;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.engine.View;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.sampling.StepRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Skeleton. */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString"})
public final class Session implements AutoCloseable {
    /** The number of the empty root. */
    public static final int ROOT = 0;

    /** The most tokens that a session holds. */
    public static final int MAX_NODES = 100_000;

    private final Model model;

    Session(Model model) {
        this.model = model;
    }

    /**
     * A token of the tree.
     *
     * @param number from 1
     * @param parent the node before it, {@link #ROOT} for the first of a text
     * @param token what it is
     * @param by who picked it; empty for a token of a prompt
     * @param step all that is recorded of the pick; empty for a token that no run made
     */
    public record Node(int number, int parent, Trace.Token token, Optional<PickedBy> by, Optional<Trace.Step> step) {}

    /**
     * What {@link #generate} made.
     *
     * @param head the last token
     * @param finish why it ended; MAX_TOKENS where it only paused
     * @param stop the stop string that ended it
     * @param timings of this call
     * @param text the answer's text, the stop string left out
     * @param reasoning what the model thought aloud before
     */
    public record Result(
            int head, FinishReason finish, Optional<String> stop, Timings timings, String text, String reasoning) {}

    /**
     * How likely a token was, given all before it.
     *
     * @param node the token
     * @param logProbability natural logarithm
     * @param entropyBits of the distribution it came from
     * @param rank its place by falling logit, from 1
     */
    public record Scored(int node, double logProbability, double entropyBits, int rank) {}

    /** The path from the root that these ids are; nodes that are there are used again. Returns the last one. */
    public int prompt(int[] ids) {
        throw unfinished();
    }

    /** As {@link #prompt}, from a node; new nodes are the user's picks. */
    public int append(int from, int[] ids) {
        throw unfinished();
    }

    /** A node. */
    public Node node(int number) {
        throw unfinished();
    }

    /** The nodes from the root, which is left out, to this one. */
    public List<Node> path(int number) {
        throw unfinished();
    }

    /** All nodes by number. */
    public List<Node> nodes() {
        throw unfinished();
    }

    /** What follows a node, in the order of making. */
    public List<Node> children(int number) {
        throw unfinished();
    }

    /** The ids of the path. */
    public int[] ids(int number) {
        throw unfinished();
    }

    /** The node that was made or walked to last; {@link #ROOT} at first. */
    public int head() {
        throw unfinished();
    }

    /** Generates from a node. */
    public Result generate(int from, AskOptions options, SessionListener listener, Cancellation cancellation) {
        throw unfinished();
    }

    /** One token more: what the chain picks, or {@code pick}. */
    public Node step(int from, AskOptions options, OptionalInt pick) {
        throw unfinished();
    }

    /** What the chain would do after a node. */
    public StepRecord candidates(int node, AskOptions options) {
        throw unfinished();
    }

    /** What a fresh chain draws after a node, again and again. */
    public Draws draws(int node, AskOptions options, int count) {
        throw unfinished();
    }

    /** What could follow a node. */
    public TokenTree tree(int node, int width, int depth, Cancellation cancellation) {
        throw unfinished();
    }

    /** Looks into the network at a node. */
    public View look(int node, Look look, Cancellation cancellation) {
        throw unfinished();
    }

    /** How likely each token of the path is, the first left out. */
    public List<Scored> score(int node) {
        throw unfinished();
    }

    /** The run that made a node, up to it. */
    public Trace trace(int node) {
        throw unfinished();
    }

    /** Bytes of the heap that it holds, about. */
    public long bytes() {
        throw unfinished();
    }

    /** Drops what can be recomputed. */
    public void release() {
        throw unfinished();
    }

    private RuntimeException unfinished() {
        return new UnsupportedOperationException("unfinished for " + model);
    }

    @Override
    public void close() {}
}
