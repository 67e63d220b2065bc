package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.Session;
import dev.glasshouse.engine.ReplayReport;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.TokenKind;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Texts without a session: their tokens, how likely they are, and whether a saved trace comes out the same. */
final class TextRoutes {
    private final Desk desk;

    TextRoutes(Desk desk) {
        this.desk = desk;
    }

    void addTo(Router router) {
        router.post("/api/glass/tokenize", this::tokenize)
                .post("/api/glass/score", this::score)
                .get("/api/glass/sessions/{session}/score", this::scoreSession)
                .post("/api/glass/replay", this::replay);
    }

    private void tokenize(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (ModelHost.Lease lease = desk.host().lease(body.string("model"), exchange.connection())) {
            Model model = lease.model();
            Optional<String> text = body.string("text");
            Optional<List<dev.glasshouse.chat.Message>> messages = Prompts.messages(body, "messages");
            boolean ends = body.bool("bos", true);
            body.noOthers();
            if (text.isPresent() == messages.isPresent()) {
                throw ApiException.bad("One of \"text\" and \"messages\" is needed, and not both.");
            }
            int[] ids = text.isPresent()
                    ? Prompts.encode(model, List.of(TextPart.plain(text.get())), ends)
                    : Prompts.encode(
                            model,
                            Prompts.render(model, messages.orElseThrow(), Map.of(), true)
                                    .parts(),
                            ends);
            List<Json> tokens = new ArrayList<>();
            for (int id : ids) {
                tokens.add(TokenTable.token(model.tokenizer(), id).toJson());
            }
            exchange.json(
                    Json.object().put("tokens", tokens).put("count", ids.length).build());
        }
    }

    private void score(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (ModelHost.Lease lease = desk.host().lease(body.string("model"), exchange.connection())) {
            Model model = lease.model();
            Optional<String> text = body.string("text");
            Optional<int[]> ids = body.ids("ids", Session.MAX_NODES);
            body.noOthers();
            if (text.isPresent() == ids.isPresent()) {
                throw ApiException.bad("One of \"text\" and \"ids\" is needed, and not both.");
            }
            int[] all = ids.orElseGet(() -> Prompts.ids(model, text.orElseThrow()));
            SessionRoutes.checkIds("ids", all, model);
            if (all.length < 2) {
                throw ApiException.bad(
                        "The text has " + all.length + " tokens: at least two are needed, as the first is given.");
            }
            if (all.length > model.context()) {
                throw new ApiException(
                        ErrorCode.CONTEXT_FULL,
                        "The text has " + all.length + " tokens and the context holds " + model.context() + ".");
            }
            try (Session session = model.session()) {
                int head = session.prompt(all);
                exchange.json(json(model, session, scored(exchange, session, head), false));
            }
        }
    }

    private List<Session.Scored> scored(Exchange exchange, Session session, int node) throws Exception {
        return desk.jobs().inspect(exchange, cancellation -> session.score(node, cancellation));
    }

    private void scoreSession(Exchange exchange) throws Exception {
        try (Desk.Use use = desk.use(exchange)) {
            Session session = use.entry().session();
            int node = Desk.number(exchange, "node").orElse(session.head());
            Desk.checkNode(session, node, false);
            exchange.json(json(use.entry().model(), session, scored(exchange, session, node), true));
        }
    }

    private static Json json(Model model, Session session, List<Session.Scored> scored, boolean nodes) {
        double sum = 0;
        long bytes = 0;
        List<Json> tokens = new ArrayList<>();
        for (Session.Scored each : scored) {
            int id = session.node(each.node()).token().id();
            Json.ObjectBuilder json = Json.object();
            if (nodes) {
                json.put("node", each.node());
            }
            tokens.add(json.put("id", id)
                    .put("logp", Answers.number(each.logProbability()))
                    .put("bits", Answers.number(bits(each.logProbability())))
                    .put("entropy_bits", each.entropyBits())
                    .put("rank", each.rank())
                    .build());
            sum += each.logProbability();
            bytes += model.tokenizer().kind(id) == TokenKind.CONTROL
                    ? 0
                    : model.tokenizer().bytes(id).length;
        }
        int count = scored.size();
        TokenTable table = new TokenTable(model.tokenizer());
        scored.forEach(each -> table.add(session.node(each.node()).token().id()));
        return Json.object()
                .put("tokens", tokens)
                .put("pieces", table.take())
                .put("count", count)
                .put("bits", Answers.number(bits(sum)))
                .put("bits_per_token", Answers.number(bits(sum) / count))
                .put("perplexity", Answers.number(StrictMath.exp(-sum / count)))
                .put("bits_per_byte", Answers.number(bits(sum) / bytes))
                .build();
    }

    private static double bits(double logProbability) {
        return -logProbability / StrictMath.log(2);
    }

    private void replay(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        Trace trace = SessionRoutes.trace(body.object("trace").orElseThrow(() -> body.missing("trace")));
        Optional<String> name = body.string("model");
        body.noOthers();
        try (ModelHost.Lease lease = desk.host().lease(name, exchange.connection())) {
            ReplayReport report = desk.jobs().inspect(exchange, cancellation -> {
                try {
                    return lease.model().engine().replay(trace, cancellation);
                } catch (GlassException e) {
                    throw new ApiException(ErrorCode.TRACE_OTHER_MODEL, String.valueOf(e.getMessage()));
                }
            });
            Json.ObjectBuilder json = Json.object().put("same", report.same()).put("steps", report.steps());
            Answers.put(json, "first_difference", report.firstDifference());
            exchange.json(json.put("message", report.message()).build());
        }
    }
}
