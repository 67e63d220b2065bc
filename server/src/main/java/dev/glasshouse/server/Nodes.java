package dev.glasshouse.server;

import dev.glasshouse.Session;
import dev.glasshouse.engine.TokenTree;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;

/** Parts of a session as JSON. */
final class Nodes {
    private Nodes() {}

    /** A node; with all that is recorded of its pick, if wanted. */
    static Json json(Session.Node node, boolean steps) {
        Json.ObjectBuilder json = Json.object().put("node", node.number()).put("parent", node.parent());
        node.token().toJson().asObject().members().forEach(json::put);
        json.put("by", node.by().map(Answers::name).orElse("prompt"));
        node.step().ifPresent(step -> {
            json.put("p", step.sampling().probability())
                    .put("rank", step.sampling().rank())
                    .put("entropy_bits", step.sampling().entropy());
            if (steps) {
                json.put("step", step.toJson());
            }
        });
        return json.build();
    }

    static List<Json> json(List<Session.Node> nodes, boolean steps) {
        return nodes.stream().map(node -> json(node, steps)).toList();
    }

    /** What a step made: the node and its record. */
    static Json.ObjectBuilder step(Session.Node node, TokenTable tokens) {
        Json.ObjectBuilder json = Json.object().put("node", node.number()).put("parent", node.parent());
        node.step().map(Trace.Step::toJson).ifPresent(step -> json.put("step", step));
        node.step().ifPresent(step -> tokens.add(step.sampling()));
        tokens.add(node.token().id());
        return json.put("tokens", tokens.take());
    }

    static Json tree(TokenTree tree, TokenTable tokens) {
        Json.ObjectBuilder json = Json.object();
        if (tree.id() >= 0) {
            json.put("id", tree.id());
            tokens.add(tree.id());
        }
        List<Json> children = new ArrayList<>();
        tree.children().forEach(child -> children.add(tree(child, tokens)));
        return json.put("p", tree.probability())
                .put("path_p", tree.pathProbability())
                .put("tail", tree.tail())
                .put("children", children)
                .build();
    }
}
