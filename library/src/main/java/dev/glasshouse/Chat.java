package dev.glasshouse;

import dev.glasshouse.chat.Message;
import dev.glasshouse.chat.Prompt;
import dev.glasshouse.engine.FinishReason;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A conversation with a {@link Model}. Each answer continues from what the model still remembers of the turns before, so
 * that only new text is read.
 *
 * <p>When the context is full, the oldest whole turns are dropped, the system message never; the listener hears {@link
 * Event.TurnsDropped}. Nothing is cut off in silence. One thread at a time, but for {@link #cancel}.
 */
public final class Chat {
    private final Model model;
    private final List<Message> messages = new ArrayList<>();
    private Optional<Message> system = Optional.empty();

    Chat(Model model) {
        this.model = model;
    }

    /** Sets the system message; an empty text removes it. */
    public Chat system(String text) {
        system = text.isBlank() ? Optional.empty() : Optional.of(Message.system(text));
        return this;
    }

    /** The system message, where there is one. */
    public Optional<String> system() {
        return system.map(Message::text);
    }

    /** All messages, the system message first. */
    public List<Message> messages() {
        List<Message> all = new ArrayList<>();
        system.ifPresent(all::add);
        all.addAll(messages);
        return all;
    }

    /** Adds a message without asking for an answer, for example of an earlier conversation. */
    public Chat add(Message message) {
        if (message.role().equals("system") && messages.isEmpty()) {
            system = Optional.of(message);
        } else {
            messages.add(message);
        }
        return this;
    }

    /**
     * Adds the messages of a JSON array of objects with "role" and "content".
     *
     * @throws GlassException if the text is not that
     */
    public Chat load(String json) {
        Json parsed = Json.parse(json);
        List<Json> list = parsed instanceof Json.ObjectValue object
                ? object.get("messages").asArray()
                : parsed.asArray();
        list.forEach(message -> add(Message.fromJson(message)));
        return this;
    }

    /** Forgets all messages but the system message. */
    public void clear() {
        messages.clear();
    }

    /** The answer to a message. */
    public Answer ask(String message) {
        return ask(message, AskOptions.DEFAULT, event -> {});
    }

    /** The answer to a message, told token by token. */
    public Answer ask(String message, Consumer<? super Event> listener) {
        return ask(message, AskOptions.DEFAULT, listener);
    }

    /**
     * The answer to a message, told token by token. If it fails, the message is taken back.
     *
     * @throws GlassException if the message does not fit the context even alone, or an option is wrong
     */
    public Answer ask(String message, AskOptions options, Consumer<? super Event> listener) {
        List<Message> before = List.copyOf(messages);
        messages.add(Message.user(message));
        try {
            return answer(options, listener);
        } catch (RuntimeException | Error e) {
            messages.clear();
            messages.addAll(before);
            throw e;
        }
    }

    /**
     * Answers the last message of the user again.
     *
     * @throws GlassException if there is none
     */
    public Answer regenerate(AskOptions options, Consumer<? super Event> listener) {
        int last = messages.size() - 1;
        while (last >= 0 && !messages.get(last).role().equals("user")) {
            last--;
        }
        if (last < 0) {
            throw new GlassException("There is no message yet that could be answered again.");
        }
        List<Message> before = List.copyOf(messages);
        messages.subList(last + 1, messages.size()).clear();
        try {
            return answer(options, listener);
        } catch (RuntimeException | Error e) {
            messages.clear();
            messages.addAll(before);
            throw e;
        }
    }

    /** As {@link Model#cancel}: stops the model's answers in progress; what was written so far is kept. */
    public void cancel() {
        model.cancel();
    }

    private Answer answer(AskOptions options, Consumer<? super Event> listener) {
        Fitted fitted = fit(options, new int[0], listener);
        Written written = new Written(options, Optional.of(fitted.prompt().text()));
        FinishReason finish = written.continueFrom(model, fitted.ids(), listener);
        // A context that fills up while the model writes: drop turns, read the rest and the answer so far, go on.
        while (finish == FinishReason.CONTEXT_FULL && dropOldestTurn()) {
            listener.accept(new Event.TurnsDropped(1));
            finish = written.continueFrom(
                    model, fit(options, written.ids(), listener).ids(), listener);
        }
        Answer answer = written.answer(finish, listener);
        Message reply = Message.assistant(answer.text());
        messages.add(answer.reasoning().isEmpty() ? reply : reply.withReasoning(answer.reasoning()));
        return answer;
    }

    /** A prompt that leaves room for an answer. */
    private record Fitted(Prompt prompt, int[] ids) {}

    private Fitted fit(AskOptions options, int[] written, Consumer<? super Event> listener) {
        int context = model.context();
        int wanted = Math.min(Math.max(32, context / 8), options.maxTokens().orElse(Integer.MAX_VALUE));
        int dropped = 0;
        while (true) {
            Prompt prompt = model.render(messages(), options);
            int[] ids = model.encode(prompt);
            int length = Math.addExact(ids.length, written.length);
            boolean fits = length <= context - wanted;
            if (fits || !dropOldestTurn()) {
                if (!fits && length >= context) {
                    throw new GlassException("The message does not fit: with its template it takes "
                            + length + " tokens, and the context holds " + context
                            + ". Shorten it, or open the model with a larger context (--context).");
                }
                if (dropped > 0) {
                    listener.accept(new Event.TurnsDropped(dropped));
                }
                int[] all = Arrays.copyOf(ids, length);
                System.arraycopy(written, 0, all, ids.length, written.length);
                return new Fitted(prompt, all);
            }
            dropped++;
        }
    }

    /** Drops messages up to the second one of the user; false where only one turn is left. */
    private boolean dropOldestTurn() {
        int next = 1;
        while (next < messages.size() && !messages.get(next).role().equals("user")) {
            next++;
        }
        if (next >= messages.size()) {
            return false;
        }
        messages.subList(0, next).clear();
        return true;
    }
}
