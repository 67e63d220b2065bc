package dev.glasshouse.chat;

import dev.glasshouse.tokenizer.TextPart;
import java.util.List;

/**
 * What the model is to read, with the origin of every character.
 *
 * @param parts in order; the template's own text is control (its control tokens are meant), text from messages, tools
 *     and variables is not (what looks like a control token in it is only text). Where two parts meet, nothing but the
 *     recognition of control tokens may differ from the joined text: a tokenizer merges ordinary text across.
 * @param systemMerged whether the system message was put before the first user message's text, since the template knows
 *     no system role
 * @param templated false where the model has no template and the messages are plain text to continue
 */
public record Prompt(List<TextPart> parts, boolean systemMerged, boolean templated) {
    public Prompt {
        parts = List.copyOf(parts);
    }

    /** The joined text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(part.text()));
        return text.toString();
    }

    /** For a model without template, a base model: the messages' texts with blank lines between, to be continued. */
    public static Prompt plain(List<Message> messages) {
        String text = String.join("\n\n", messages.stream().map(Message::text).toList());
        return new Prompt(List.of(new TextPart(text, false)), false, false);
    }
}
