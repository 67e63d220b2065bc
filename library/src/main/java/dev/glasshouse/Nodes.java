package dev.glasshouse;

import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.PickedBy;
import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The tokens of a session. Thread-safe. */
final class Nodes {
    /** Bytes of a node without its step, about. */
    private static final int NODE_BYTES = 200;

    /** A node, who made it, and what follows it. */
    private static final class Entry {
        final Session.Node node;
        final OptionalInt run;
        final int index;
        final List<Integer> children = new ArrayList<>(1);

        Entry(Session.Node node, OptionalInt run, int index) {
            this.node = node;
            this.run = run;
            this.index = index;
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<Integer> first = new ArrayList<>(1);

    /**
     * Adds a token.
     *
     * @param run the run that made it
     * @param index its place in that run
     */
    synchronized Session.Node add(
            int parent,
            Trace.Token token,
            Optional<PickedBy> by,
            Optional<Trace.Step> step,
            OptionalInt run,
            int index) {
        if (entries.size() >= Session.MAX_NODES) {
            throw full();
        }
        List<Integer> siblings = following(parent);
        Session.Node node = new Session.Node(entries.size() + 1, parent, token, by, step);
        entries.add(new Entry(node, run, index));
        siblings.add(node.number());
        return node;
    }

    static GlassException full() {
        return new GlassException(
                "The session holds " + Session.MAX_NODES + " tokens, as many as it can: begin a new one.");
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized Session.Node node(int number) {
        return entry(number).node;
    }

    /** The run that made a node. */
    synchronized OptionalInt run(int number) {
        return entry(number).run;
    }

    /** A node's place in its run. */
    synchronized int index(int number) {
        return entry(number).index;
    }

    synchronized List<Session.Node> all() {
        return entries.stream().map(entry -> entry.node).toList();
    }

    synchronized List<Session.Node> children(int number) {
        return following(number).stream().map(child -> entry(child).node).toList();
    }

    synchronized List<Session.Node> path(int number) {
        List<Session.Node> path = new ArrayList<>();
        for (int at = number; at != Session.ROOT; at = path.getLast().parent()) {
            path.add(entry(at).node);
        }
        return path.reversed();
    }

    synchronized int[] ids(int number) {
        return path(number).stream().mapToInt(node -> node.token().id()).toArray();
    }

    /** The child with this id that was made last. */
    synchronized OptionalInt child(int parent, int id) {
        return following(parent).reversed().stream()
                .mapToInt(Integer::intValue)
                .filter(child -> entry(child).node.token().id() == id)
                .findFirst();
    }

    /** Memory beside the steps, about. */
    synchronized long bytes() {
        return (long) NODE_BYTES * entries.size();
    }

    private List<Integer> following(int number) {
        return number == Session.ROOT ? first : entry(number).children;
    }

    private Entry entry(int number) {
        if (number < 1 || number > entries.size()) {
            throw new GlassException("The session has no token " + number + "; it has " + entries.size() + ".");
        }
        return entries.get(number - 1);
    }
}
