package dev.glasshouse.server;

import dev.glasshouse.Model;
import dev.glasshouse.Session;
import dev.glasshouse.chat.Message;
import dev.glasshouse.chat.Prompt;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sessions: made, read, closed; prompts and texts put into them. */
final class SessionRoutes {
    private final Desk desk;

    SessionRoutes(Desk desk) {
        this.desk = desk;
    }

    void addTo(Router router) {
        router.post("/api/glass/sessions", this::create)
                .get("/api/glass/sessions/{session}", this::read)
                .delete("/api/glass/sessions/{session}", this::close)
                .post("/api/glass/sessions/{session}/prompt", this::prompt)
                .post("/api/glass/sessions/{session}/append", this::append)
                .get("/api/glass/sessions/{session}/trace", this::trace);
    }

    private void create(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        Optional<Trace> trace = body.object("trace").map(SessionRoutes::trace);
        Optional<String> name = body.string("model");
        try (ModelHost.Lease lease = desk.host().lease(name, exchange.connection())) {
            Optional<int[]> ids = trace.isPresent() ? Optional.empty() : ids(lease.model(), body, false);
            body.noOthers();
            Session session = trace.isPresent()
                    ? load(lease.model(), trace.get())
                    : lease.model().session();
            try {
                if (ids.isPresent()) {
                    enter(session, lease.model(), ids.get());
                }
            } catch (RuntimeException e) {
                session.close();
                throw e;
            }
            SessionEntry entry = desk.sessions().add(exchange.holder(), lease.loaded(), session);
            entry.use();
            entry.leave();
            exchange.json(
                    201,
                    head(entry)
                            .put("nodes", Nodes.json(session.path(session.head()), true))
                            .put("tokens", tokens(entry, session.path(session.head())))
                            .build());
        }
    }

    /** @throws ApiException if it is none, or of another model */
    static Trace trace(Fields fields) {
        try {
            return Trace.fromJson(fields.json());
        } catch (GlassException e) {
            throw new ApiException(ErrorCode.TRACE_INVALID, String.valueOf(e.getMessage()));
        }
    }

    private static Session load(Model model, Trace trace) {
        try {
            return model.session(trace);
        } catch (GlassException e) {
            throw new ApiException(ErrorCode.TRACE_OTHER_MODEL, String.valueOf(e.getMessage()));
        }
    }

    private static List<Json> tokens(SessionEntry entry, List<Session.Node> nodes) {
        TokenTable tokens = new TokenTable(entry.model().tokenizer());
        nodes.forEach(node -> node.step().ifPresent(step -> tokens.add(step.sampling())));
        return tokens.take();
    }

    private static Json.ObjectBuilder head(SessionEntry entry) {
        return Json.object()
                .put("session", entry.id())
                .put("model", entry.loaded().name())
                .put("context", entry.model().context())
                .put("head", entry.session().head());
    }

    private void read(Exchange exchange) {
        try (Desk.Use use = desk.use(exchange)) {
            boolean steps = exchange.query("steps").filter("true"::equals).isPresent();
            SessionEntry entry = use.entry();
            List<Session.Node> nodes = entry.session().nodes();
            Json.ObjectBuilder json = head(entry)
                    .put("nodes", Nodes.json(nodes, steps))
                    .put("runs", entry.runs().stream().map(RunLog::json).toList())
                    .put("bytes", entry.bytes());
            if (steps) {
                json.put("tokens", tokens(entry, nodes));
            }
            exchange.json(json.build());
        }
    }

    private void close(Exchange exchange) {
        desk.sessions().drop(desk.sessions().find(exchange.path("session"), exchange.holder()));
        exchange.noContent();
    }

    private void prompt(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (Desk.Use use = desk.use(exchange)) {
            Session session = use.entry().session();
            int[] ids = ids(use.entry().model(), body, true)
                    .orElseThrow(() -> ApiException.bad("One of \"text\", \"messages\" and \"ids\" is needed."));
            body.noOthers();
            int head = enter(session, use.entry().model(), ids);
            exchange.json(Json.object()
                    .put("head", head)
                    .put("nodes", Nodes.json(head == Session.ROOT ? List.of() : session.path(head), false))
                    .build());
        }
    }

    /** A prompt may fill the context, and no more. */
    private static int enter(Session session, Model model, int[] ids) {
        if (ids.length > model.context()) {
            throw new ApiException(
                    ErrorCode.CONTEXT_FULL,
                    "The prompt has " + ids.length + " tokens and the context holds " + model.context()
                            + ". Shorten it.");
        }
        checkIds("ids", ids, model);
        return ids.length == 0 ? Session.ROOT : session.prompt(ids);
    }

    static void checkIds(String param, int[] ids, Model model) {
        for (int id : ids) {
            if (id < 0 || id >= model.tokenizer().size()) {
                throw ApiException.field(
                        param,
                        "The id " + id + " is outside the vocabulary of "
                                + model.tokenizer().size() + " tokens.");
            }
        }
    }

    /** What a body says to read; empty where it says nothing. */
    private static Optional<int[]> ids(Model model, Fields body, boolean reply) {
        Optional<String> text = body.string("text");
        Optional<List<Message>> messages = Prompts.messages(body, "messages");
        Optional<int[]> ids = body.ids("ids", Session.MAX_NODES);
        boolean thinking = body.bool("thinking", true);
        Optional<String> begun = reply ? body.string("reply") : Optional.empty();
        int given = (text.isPresent() ? 1 : 0) + (messages.isPresent() ? 1 : 0) + (ids.isPresent() ? 1 : 0);
        if (given > 1) {
            throw ApiException.bad("Only one of \"text\", \"messages\" and \"ids\" may be given.");
        }
        if (begun.isPresent() && messages.isEmpty()) {
            throw ApiException.field("reply", "\"reply\" goes with \"messages\".");
        }
        if (text.isPresent()) {
            return Optional.of(Prompts.ids(model, text.get()));
        }
        return messages.isPresent() ? messages.map(list -> rendered(model, list, thinking, begun)) : ids;
    }

    private static int[] rendered(Model model, List<Message> messages, boolean thinking, Optional<String> reply) {
        Prompt prompt = Prompts.render(model, messages, Map.of(), thinking);
        List<TextPart> parts = new ArrayList<>(prompt.parts());
        reply.map(TextPart::plain).ifPresent(parts::add);
        return Prompts.encode(model, parts, true);
    }

    private void append(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        try (Desk.Use use = desk.use(exchange)) {
            Session session = use.entry().session();
            Model model = use.entry().model();
            int from = Desk.node(body, "from", session, true);
            Optional<int[]> ids = body.ids("ids", Session.MAX_NODES);
            Optional<String> text = body.string("text");
            body.noOthers();
            if (ids.isPresent() == text.isPresent()) {
                throw ApiException.bad("One of \"text\" and \"ids\" is needed, and not both.");
            }
            int[] added = ids.orElseGet(() -> from == Session.ROOT
                    ? Prompts.ids(model, text.orElseThrow())
                    : Prompts.continuation(model, text.orElseThrow()));
            checkIds("ids", added, model);
            int length = from == Session.ROOT ? 0 : session.ids(from).length;
            if (length + added.length > model.context()) {
                throw new ApiException(
                        ErrorCode.CONTEXT_FULL,
                        "With this the text has " + (length + added.length) + " tokens, and the context holds "
                                + model.context() + ".");
            }
            int head = added.length == 0 ? from : session.append(from, added);
            List<Session.Node> path = head == Session.ROOT ? List.of() : session.path(head);
            exchange.json(Json.object()
                    .put("head", head)
                    .put("nodes", Nodes.json(path.subList(Math.min(length, path.size()), path.size()), false))
                    .build());
        }
    }

    private void trace(Exchange exchange) {
        try (Desk.Use use = desk.use(exchange)) {
            Session session = use.entry().session();
            int node = Desk.number(exchange, "node").orElse(session.head());
            Desk.checkNode(session, node, false);
            exchange.header("Content-Disposition", "attachment; filename=\"trace.json\"");
            exchange.json(session.trace(node).toJson());
        }
    }
}
