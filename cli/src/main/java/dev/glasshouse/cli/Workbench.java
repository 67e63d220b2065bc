package dev.glasshouse.cli;

import dev.glasshouse.Answer;
import dev.glasshouse.AskOptions;
import dev.glasshouse.Chat;
import dev.glasshouse.Model;
import dev.glasshouse.Session;
import dev.glasshouse.SessionListener;
import dev.glasshouse.chat.Message;
import dev.glasshouse.chat.ReasoningSplitter;
import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.Candidate;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.tokenizer.StreamDecoder;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.tokenizer.Tokenizer;
import dev.glasshouse.weights.GlassException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The last answer of a chat as a tree of tokens that can be stepped, branched and looked into. Whatever it does to the answer,
 * the chat's last message is what the path to {@link #head} says.
 */
final class Workbench implements AutoCloseable {
    /** Candidates recorded a step. */
    static final int TOP = 10;

    private static final SecureRandom SEEDS = new SecureRandom();

    /** A list of candidates that a person saw: what follows a node. */
    private record Shown(int parent, List<Integer> ids) {}

    private final Model model;
    private final Chat chat;
    private Optional<Trace> trace = Optional.empty();
    private Optional<Session> session = Optional.empty();
    private Optional<Shown> shown = Optional.empty();
    private long seed = -1;
    private int begin;
    private int head;

    Workbench(Model model, Chat chat) {
        this.model = model;
        this.chat = chat;
    }

    /** The options for an answer of the chat: with a record, and a seed chosen here, so that its run can be gone on with. */
    AskOptions recorded(AskOptions options) {
        seed = SEEDS.nextLong(1L << 32);
        return seeded(options);
    }

    private AskOptions seeded(AskOptions options) {
        AskOptions all = options.withTrace(TOP);
        return model.settings(options).get(Parameter.SEED) >= 0 ? all : all.with(Parameter.SEED.name(), seed);
    }

    /** The seed of the draws. */
    long seed(AskOptions options) {
        return model.settings(seeded(options)).get(Parameter.SEED);
    }

    /** The chat has a new answer; {@code tokens} as heard while it was written. */
    void answered(Answer answer, int tokens) {
        forget();
        trace = answer.trace();
        // Where the context ran over, the record's prompt holds the beginning of the answer.
        trace.ifPresent(
                made -> begin = made.prompt().size() - (tokens - made.steps().size()));
    }

    /** The chat has no answer any more. */
    void forget() {
        close();
        trace = Optional.empty();
    }

    /** The tree, made when it is first asked for. */
    Session session() {
        if (session.isEmpty()) {
            Trace made = trace.orElseThrow(() -> new GlassException(
                    "There is no answer yet to look into: send a message, or begin an answer with /step MESSAGE."));
            Session opened = model.session(made);
            session = Optional.of(opened);
            head = opened.head();
        }
        return session.get();
    }

    /** The last token of the answer as it is on the screen. */
    int head() {
        session();
        return head;
    }

    /** Tokens of the prompt: the position of the answer's first token. */
    int begin() {
        return begin;
    }

    List<Session.Node> path() {
        return session().path(head());
    }

    /** The node at a position, from 0, of what is on the screen. */
    Session.Node at(int position) {
        List<Session.Node> path = path();
        if (position < 0 || position >= path.size()) {
            throw new GlassException("There are the positions 0 to " + (path.size() - 1) + ", not " + position
                    + "; /tokens lists them.");
        }
        return path.get(position);
    }

    /** Whether the model has ended the answer. */
    boolean ended() {
        return head() != Session.ROOT
                && path().size() > begin
                && model.tokenizer()
                        .isEndOfGeneration(session().node(head()).token().id());
    }

    private void notEnded() {
        if (ended()) {
            throw new GlassException("The model has ended this answer. /branch takes tokens back, /regen begins anew.");
        }
    }

    /** One token more, the chain's or a person's. */
    Session.Node step(AskOptions options, OptionalInt pick) {
        notEnded();
        Session.Node node = session().step(head(), seeded(options), pick);
        moved(node.number());
        node.step().ifPresent(step -> show(node.parent(), step.sampling()));
        return node;
    }

    /** What the next step would do. */
    StepRecord next(AskOptions options) {
        notEnded();
        StepRecord record = session().candidates(head(), seeded(options));
        show(head, record);
        return record;
    }

    /** What the record, or the model, says about the token at a position. */
    Optional<Trace.Step> recordedStep(int position) {
        Session.Node node = at(position);
        node.step().ifPresent(step -> show(node.parent(), step.sampling()));
        return node.step();
    }

    /** The candidates for the position of a token that no run made. */
    StepRecord candidates(int position, AskOptions options) {
        int parent = at(position).parent();
        if (parent == Session.ROOT) {
            throw new GlassException("Position 0 has nothing before it: the model gives no candidates for it.");
        }
        return session().candidates(parent, seeded(options));
    }

    private void show(int parent, StepRecord record) {
        shown = Optional.of(
                new Shown(parent, record.top().stream().map(Candidate::id).toList()));
    }

    /**
     * Takes what a person says: the rank in the list that was shown last, {@code id:N}, or a text in quotes.
     *
     * @return the node
     */
    Session.Node pick(String what, AskOptions options) {
        if (what.startsWith("id:")) {
            return pickIds(head(), new int[] {number(what.substring(3), "an id")}, options);
        }
        if (what.length() > 2 && what.startsWith("\"") && what.endsWith("\"")) {
            return pickIds(head(), ids(what.substring(1, what.length() - 1)), options);
        }
        int rank = number(what, "a rank, id:N or a \"text\"");
        if (shown.isEmpty()) {
            next(options);
        }
        Shown list = shown.orElseThrow();
        if (rank < 1 || rank > list.ids().size()) {
            throw new GlassException(
                    "The list has the ranks 1 to " + list.ids().size() + ", not " + rank + "; id:N takes any token.");
        }
        return pickIds(list.parent(), new int[] {list.ids().get(rank - 1)}, options);
    }

    private Session.Node pickIds(int parent, int[] ids, AskOptions options) {
        if (parent == head()) {
            notEnded();
        }
        int at = parent;
        for (int id : ids) {
            if (id < 0 || id >= model.tokenizer().size()) {
                throw new GlassException("The id " + id + " is outside the vocabulary of "
                        + model.tokenizer().size() + ".");
            }
            at = session().step(at, seeded(options), OptionalInt.of(id)).number();
        }
        moved(at);
        return session().node(at);
    }

    /** The token that is exactly this text, or else as many as it takes. */
    private int[] ids(String text) {
        Tokenizer tokenizer = model.tokenizer();
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        for (int id = 0; id < tokenizer.size(); id++) {
            if (Arrays.equals(tokenizer.bytes(id), wanted)) {
                return new int[] {id};
            }
        }
        return tokenizer.encode(List.of(TextPart.plain(text)), false);
    }

    static int number(String text, String what) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new GlassException("'" + text.strip() + "' is not " + what + ".", e);
        }
    }

    /** Takes the answer back to before a position: the token there can be chosen anew. */
    void branch(int position) {
        if (position < begin) {
            throw new GlassException("The answer begins at position " + begin
                    + ": what stands before is the template and your messages.");
        }
        moved(at(position).parent());
    }

    /** Goes on to the end, or so many tokens. */
    Session.Result go(AskOptions options, SessionListener listener) {
        notEnded();
        try {
            return session().generate(head(), seeded(options), listener, new Cancellation());
        } finally {
            moved(session().head());
        }
    }

    /** The record of what is on the screen. */
    Trace trace() {
        if (session.isEmpty()) {
            return trace.orElseThrow(
                    () -> new GlassException("There is no answer yet, so there is no trace: send a message."));
        }
        return session().trace(head());
    }

    private void moved(int node) {
        head = node;
        shown = Optional.empty();
        List<Message> all = new ArrayList<>(chat.messages());
        if (!all.isEmpty() && all.getLast().role().equals("assistant")) {
            all.removeLast();
        }
        all.add(message());
        chat.clear();
        all.stream().filter(message -> !message.role().equals("system")).forEach(chat::add);
    }

    /** The answer as it is on the screen. */
    String text() {
        return message().text();
    }

    private Message message() {
        Tokenizer tokenizer = model.tokenizer();
        StreamDecoder decoder = tokenizer.streamDecoder();
        StringBuilder whole = new StringBuilder();
        List<Session.Node> path = path();
        int[] prompt = path.subList(0, Math.min(begin, path.size())).stream()
                .mapToInt(node -> node.token().id())
                .toArray();
        for (Session.Node node : path.subList(prompt.length, path.size())) {
            if (!tokenizer.isEndOfGeneration(node.token().id())) {
                whole.append(decoder.push(node.token().id()));
            }
        }
        whole.append(decoder.finish());
        if (model.template().isEmpty()) {
            return Message.assistant(whole.toString());
        }
        ReasoningSplitter splitter = ReasoningSplitter.after(tokenizer.decode(prompt, true));
        StringBuilder text = new StringBuilder();
        StringBuilder reasoning = new StringBuilder();
        List<ReasoningSplitter.Segment> segments = new ArrayList<>(splitter.accept(whole.toString()));
        segments.addAll(splitter.finish());
        segments.forEach(segment -> (segment.reasoning() ? reasoning : text).append(segment.text()));
        Message message = Message.assistant(text.toString());
        return reasoning.isEmpty() ? message : message.withReasoning(reasoning.toString());
    }

    @Override
    public void close() {
        session.ifPresent(Session::close);
        session = Optional.empty();
        shown = Optional.empty();
    }
}
