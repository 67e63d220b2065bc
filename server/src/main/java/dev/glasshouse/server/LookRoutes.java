package dev.glasshouse.server;

import dev.glasshouse.AskOptions;
import dev.glasshouse.engine.AttentionRow;
import dev.glasshouse.engine.Draws;
import dev.glasshouse.engine.LensRow;
import dev.glasshouse.engine.Look;
import dev.glasshouse.engine.TokenTree;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.engine.View;
import dev.glasshouse.network.DecoderSpec;
import dev.glasshouse.network.PassTimes;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Looks into a session without changing it: other settings, draws, trees, the lens, attention, times. */
final class LookRoutes {
    private static final int MOST_DRAWS = 10_000;
    private static final int MOST_WIDTH = 16;
    private static final int MOST_DEPTH = 8;
    private static final int LENS_TOP = 5;

    private final Desk desk;

    LookRoutes(Desk desk) {
        this.desk = desk;
    }

    void addTo(Router router) {
        String session = "/api/glass/sessions/{session}/";
        router.post(session + "candidates", this::candidates)
                .post(session + "draws", this::draws)
                .post(session + "tree", this::tree)
                .post(session + "lens", this::lens)
                .post(session + "attention", this::attention)
                .post(session + "timings", this::timings);
    }

    private void candidates(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (Desk.Use use = desk.use(exchange)) {
            SessionEntry entry = use.entry();
            int node = Desk.node(body, "node", entry.session(), false);
            AskOptions options = Desk.options(body, entry);
            body.noOthers();
            StepRecord record = desk.jobs()
                    .inspect(exchange, cancellation -> entry.session().candidates(node, options, cancellation));
            TokenTable tokens = tokens(entry);
            tokens.add(record);
            exchange.json(Json.object()
                    .put("node", node)
                    .put("step", Trace.toJson(record))
                    .put("tokens", tokens.take())
                    .build());
        }
    }

    private static TokenTable tokens(SessionEntry entry) {
        return new TokenTable(entry.model().tokenizer());
    }

    private void draws(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (Desk.Use use = desk.use(exchange)) {
            SessionEntry entry = use.entry();
            int node = Desk.node(body, "node", entry.session(), false);
            AskOptions options = Desk.options(body, entry);
            int count = body.needInteger("count", 1, MOST_DRAWS);
            body.noOthers();
            Draws draws = desk.jobs()
                    .inspect(exchange, cancellation -> entry.session().draws(node, options, count, cancellation));
            TokenTable tokens = tokens(entry);
            List<Json> counts = new ArrayList<>();
            draws.counts().entrySet().stream()
                    .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
                    .forEach(each -> {
                        tokens.add(each.getKey());
                        counts.add(Json.object()
                                .put("id", each.getKey())
                                .put("count", each.getValue())
                                .build());
                    });
            List<Json> first = draws.first().stream()
                    .map(each -> (Json) Json.object()
                            .put("u", each.u())
                            .put("id", each.id())
                            .build())
                    .toList();
            exchange.json(Json.object()
                    .put("node", node)
                    .put("count", count)
                    .put("seed", draws.seed())
                    .put("counts", counts)
                    .put("first", first)
                    .put("tokens", tokens.take())
                    .build());
        }
    }

    private void tree(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (Desk.Use use = desk.use(exchange)) {
            SessionEntry entry = use.entry();
            int node = Desk.node(body, "node", entry.session(), false);
            int width = body.needInteger("width", 1, MOST_WIDTH);
            int depth = body.needInteger("depth", 1, MOST_DEPTH);
            body.noOthers();
            TokenTree tree = desk.jobs()
                    .inspect(exchange, cancellation -> entry.session().tree(node, width, depth, cancellation));
            TokenTable tokens = tokens(entry);
            Json root = Nodes.tree(tree, tokens);
            exchange.json(Json.object()
                    .put("node", node)
                    .put("width", width)
                    .put("depth", depth)
                    .put("root", root)
                    .put("tokens", tokens.take())
                    .build());
        }
    }

    private View look(Exchange exchange, SessionEntry entry, int node, Look look) throws Exception {
        return desk.jobs().inspect(exchange, cancellation -> entry.session().look(node, look, cancellation));
    }

    private void lens(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (Desk.Use use = desk.use(exchange)) {
            SessionEntry entry = use.entry();
            int node = Desk.node(body, "node", entry.session(), false);
            OptionalInt target = body.integer("target", 0, Integer.MAX_VALUE);
            Look look =
                    Look.NOTHING.withLens(body.integer("top", 0, Desk.MOST_TOP).orElse(LENS_TOP));
            body.noOthers();
            if (target.isPresent()) {
                SessionRoutes.checkIds("target", new int[] {target.getAsInt()}, entry.model());
                look = look.withTarget(target.getAsInt());
            }
            View view = look(exchange, entry, node, look);
            TokenTable tokens = tokens(entry);
            List<Json> rows = new ArrayList<>();
            for (LensRow row : view.lens()) {
                tokens.add(row.top());
                tokens.add(row.target());
                rows.add(Json.object()
                        .put("depth", row.depth())
                        .put("top", Answers.candidates(row.top()))
                        .put("tail", row.tail())
                        .put("entropy_bits", row.entropyBits())
                        .put("p", row.targetProbability())
                        .put("rank", row.targetRank())
                        .build());
            }
            exchange.json(Json.object()
                    .put("node", node)
                    .put("target", view.lens().getLast().target())
                    .put("rows", rows)
                    .put("tokens", tokens.take())
                    .build());
        }
    }

    private void attention(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (Desk.Use use = desk.use(exchange)) {
            SessionEntry entry = use.entry();
            DecoderSpec spec = entry.model().engineFacts().spec();
            int node = Desk.node(body, "node", entry.session(), false);
            int layer = body.needInteger("layer", 0, spec.layers().size() - 1);
            int head = body.needInteger("head", 0, spec.attention().count() - 1);
            body.noOthers();
            AttentionRow row = look(exchange, entry, node, Look.NOTHING.withHeads(new Look.Head(layer, head)))
                    .attention()
                    .getFirst();
            List<Json> weights = new ArrayList<>();
            for (float weight : row.weights()) {
                weights.add(Answers.number(weight));
            }
            exchange.json(Json.object()
                    .put("node", node)
                    .put("layer", row.layer())
                    .put("head", row.head())
                    .put("layers", spec.layers().size())
                    .put("heads", spec.attention().count())
                    .put("kv_heads", spec.attention().kvCount())
                    .put("window", row.window())
                    .put("first", row.firstPosition())
                    .put("weights", weights)
                    .build());
        }
    }

    private void timings(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (Desk.Use use = desk.use(exchange)) {
            SessionEntry entry = use.entry();
            int node = Desk.node(body, "node", entry.session(), false);
            body.noOthers();
            PassTimes times = look(exchange, entry, node, Look.NOTHING.withTimes())
                    .times()
                    .orElseThrow();
            exchange.json(Json.object()
                    .put("node", node)
                    .put("total_ns", times.totalNanos())
                    .put("embedding_ns", times.embeddingNanos())
                    .put("attention_ns", numbers(times.attentionNanos()))
                    .put("mlp_ns", numbers(times.mlpNanos()))
                    .put("head_ns", times.headNanos())
                    .build());
        }
    }

    private static List<Json> numbers(long[] numbers) {
        return Arrays.stream(numbers).mapToObj(Json::of).toList();
    }
}
