package dev.glasshouse.chat.jinja;

/** HTML escaping, as {@code |escape} and marked-safe text ask for it. */
final class Escaping {
    private Escaping() {}

    static Text escape(Interpreter interpreter, Text text) {
        if (text.markup()) {
            return text;
        }
        TextBuilder escaped = new TextBuilder(interpreter.budget());
        String value = text.value();
        int start = 0;
        for (int i = 0; i < value.length(); i++) {
            String entity =
                    switch (value.charAt(i)) {
                        case '&' -> "&amp;";
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        case '"' -> "&#34;";
                        case '\'' -> "&#39;";
                        default -> "";
                    };
            if (!entity.isEmpty()) {
                escaped.append(text, start, i).append(entity, text.inputAt(i));
                start = i + 1;
            }
        }
        return escaped.append(text, start, value.length()).build().withMarkup(true);
    }
}
