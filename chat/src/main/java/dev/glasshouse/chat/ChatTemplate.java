package dev.glasshouse.chat;

import dev.glasshouse.chat.jinja.JinjaException;
import dev.glasshouse.chat.jinja.Template;
import dev.glasshouse.chat.jinja.Variables;
import dev.glasshouse.tokenizer.TextPart;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A chat template: the program, in Jinja, that a model's makers ship to turn messages into the one text their model was
 * trained on. It runs as transformers runs it (Jinja2 3.1, immutable sandbox, {@code tojson} without HTML escaping,
 * {@code raise_exception}, {@code strftime_now}), within bounds of steps, text and depth.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ChatTemplate {
    private static final String PROBE = "Glasshouse probes the system role.";

    private final String source;
    private final Template template;

    private ChatTemplate(String source, Template template) {
        this.source = source;
        this.template = template;
    }

    /** @throws GlassException naming line and fault where the source is no template */
    public static ChatTemplate parse(String source) {
        return new ChatTemplate(source, Template.parse(source));
    }

    public String source() {
        return source;
    }

    /**
     * Renders the prompt.
     *
     * @throws GlassException naming line and fault: the template refuses the messages, is wrong, or costs too much
     */
    public Prompt render(ChatRequest request) {
        boolean merges =
                request.mergeSystem() && hasSystemBeforeUser(request.messages()) && !supportsSystemRole(request);
        List<Message> messages = merges ? merged(request.messages()) : request.messages();
        return new Prompt(parts(request, messages), merges, true);
    }

    /** Whether a system message's text comes out in the prompt; some templates refuse it, others drop it. */
    public boolean supportsSystemRole(ChatRequest request) {
        List<Message> probe = List.of(Message.system(PROBE), Message.user("Hello"));
        try {
            return new Prompt(parts(request.withTools(List.of()), probe), false, true)
                    .text()
                    .contains(PROBE);
        } catch (JinjaException e) {
            return !e.raised();
        }
    }

    private static boolean hasSystemBeforeUser(List<Message> messages) {
        return messages.size() > 1
                && messages.getFirst().role().equals("system")
                && messages.get(1).role().equals("user");
    }

    private static List<Message> merged(List<Message> messages) {
        Message system = messages.getFirst();
        Message user = messages.get(1);
        Json content;
        if (user.content() instanceof Json.ArrayValue parts) {
            List<Json> more = new ArrayList<>(parts.elements());
            more.addFirst(Json.object()
                    .put("type", "text")
                    .put("text", system.text() + "\n\n")
                    .build());
            content = Json.of(more);
        } else {
            content = Json.of(system.text() + "\n\n" + user.text());
        }
        List<Message> merged = new ArrayList<>(messages.subList(1, messages.size()));
        merged.set(0, new Message(user.role(), content, user.extra()));
        return merged;
    }

    private List<TextPart> parts(ChatRequest request, List<Message> messages) {
        Variables variables = new Variables()
                .input(
                        "messages",
                        Json.of(messages.stream().map(Message::toJson).toList()),
                        Set.of("role"))
                .input("add_generation_prompt", Json.of(request.addGenerationPrompt()))
                .control("bos_token", request.bosToken())
                .control("eos_token", request.eosToken());
        // Without tools the variable stays undefined: templates ask "if tools", "is defined" or simply loop over it.
        if (!request.tools().isEmpty()) {
            variables.input("tools", Json.of(request.tools()));
        }
        request.variables().forEach(variables::input);
        List<TextPart> parts = new ArrayList<>();
        for (Template.Span span : template.render(variables, request.now())) {
            parts.add(new TextPart(span.text(), !span.input()));
        }
        return parts;
    }
}
