package dev.glasshouse.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The commands of the chat prompt, as people know them from other tools. */
enum SlashCommand {
    SET(
            "/set",
            "parameter NAME VALUE | system TEXT | verbose | quiet | history | nohistory | think | nothink",
            "settings"),
    SHOW("/show", "info | license | parameters | system | template | messages", "what is loaded and set"),
    SAVE("/save", "FILE", "write the chat as JSON"),
    REGENERATE("/regen", "", "answer the last message again"),
    CLEAR("/clear", "", "forget the chat"),
    BYE("/bye", "", "leave (also /exit, Ctrl+D)"),
    HELP("/?", "", "this list (also /help)");

    private final String name;
    private final String arguments;
    private final String meaning;

    SlashCommand(String name, String arguments, String meaning) {
        this.name = name;
        this.arguments = arguments;
        this.meaning = meaning;
    }

    String command() {
        return name;
    }

    String arguments() {
        return arguments;
    }

    /** The words that may stand first after the command. */
    List<String> choices() {
        return this == SET || this == SHOW
                ? Arrays.stream(arguments.split("\\|"))
                        .map(part -> part.strip().split(" ")[0])
                        .toList()
                : List.of();
    }

    /** What a line such as "/show info" asks for; empty where no such command exists. */
    static Optional<SlashCommand> of(String line) {
        String word = line.strip().split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
        return switch (word) {
            case "/exit", "/quit" -> Optional.of(BYE);
            case "/help" -> Optional.of(HELP);
            default ->
                Arrays.stream(values())
                        .filter(command -> command.name.equals(word))
                        .findFirst();
        };
    }

    /** What stands behind the command's name. */
    static String rest(String line) {
        String[] parts = line.strip().split("\\s+", 2);
        return parts.length < 2 ? "" : parts[1].strip();
    }

    static String help() {
        StringBuilder text = new StringBuilder();
        for (SlashCommand command : values()) {
            text.append(String.format(Locale.ROOT, "  %-8s%s%n", command.name, command.meaning));
            if (!command.arguments.isEmpty()) {
                text.append("          ").append(command.arguments).append('\n');
            }
        }
        return text + "  \"\"\"      begins and ends a message of several lines\n"
                + "  Ctrl+C   stops the answer; Ctrl+D leaves; arrow keys bring earlier messages back\n";
    }
}
