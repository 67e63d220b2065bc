package dev.glasshouse.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The commands of the chat prompt: those that people know from other tools, and those that open the glass box. */
enum SlashCommand {
    SET(
            Group.CHAT,
            "/set",
            "parameter NAME VALUE | system TEXT | verbose | quiet | history | nohistory | think | nothink",
            "settings"),
    SHOW(Group.CHAT, "/show", "info | license | parameters | system | template | messages", "what is loaded and set"),
    SAVE(Group.CHAT, "/save", "FILE", "write the chat as JSON"),
    REGENERATE(Group.CHAT, "/regen", "", "answer the last message again"),
    CLEAR(Group.CHAT, "/clear", "", "forget the chat"),
    BYE(Group.CHAT, "/bye", "", "leave (also /exit, Ctrl+D)"),
    HELP(Group.CHAT, "/?", "", "this list (also /help)"),
    STEP(Group.WRITE, "/step", "[N] | MESSAGE", "one token more, or N; with a message: begin an answer so"),
    PICK(Group.WRITE, "/pick", "RANK | id:N | \"TEXT\"", "take it from the list shown last, instead of what was drawn"),
    BRANCH(Group.WRITE, "/branch", "[POSITION]", "take the answer back to there; without, one token. Draws begin anew"),
    GO(Group.WRITE, "/go", "[N]", "go on to the end, or N tokens"),
    SEED(Group.WRITE, "/seed", "[N | random]", "show or set the seed of the draws"),
    SAMPLER(Group.WRITE, "/sampler", "[order LETTERS | NAME VALUE]", "the chain of stages; change it"),
    TOKENS(Group.LOOK, "/tokens", "[all]", "the answer's tokens with ids and positions; all: the prompt's too"),
    PROBS(Group.LOOK, "/probs", "[POSITION]", "candidates, stages and draw of the next token, or of that one"),
    TREE(Group.LOOK, "/tree", "[WIDTH DEPTH]", "what could follow (3 2)"),
    LENS(Group.LOOK, "/lens", "[POSITION]", "what each layer would say for the next token, or that one"),
    WHY(Group.LOOK, "/why", "", "how surprising each token of the answer was"),
    TIME(Group.LOOK, "/time", "[POSITION]", "where the time of one token goes"),
    TRACE(Group.LOOK, "/trace", "FILE", "save the record of the last run of steps; 'glass replay' runs it again");

    /** Where it stands in the help. */
    private enum Group {
        CHAT("Chat"),
        WRITE("Glass box: token by token"),
        LOOK("Glass box: look");

        private final String title;

        Group(String title) {
            this.title = title;
        }
    }

    private final Group group;
    private final String name;
    private final String arguments;
    private final String meaning;

    SlashCommand(Group group, String name, String arguments, String meaning) {
        this.group = group;
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
        return switch (this) {
            case SET, SHOW ->
                Arrays.stream(arguments.split("\\|"))
                        .map(part -> part.strip().split(" ")[0])
                        .toList();
            case TOKENS -> List.of("all");
            case SEED -> List.of("random");
            case SAMPLER -> List.of("order");
            default -> List.of();
        };
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

    /** All commands by group, on lines of at most so many columns. */
    static String help(int width) {
        StringBuilder text = new StringBuilder();
        for (Group group : Group.values()) {
            text.append(group.title).append('\n');
            for (SlashCommand command : values()) {
                if (command.group == group) {
                    text.append(line(command, width));
                }
            }
        }
        return text + "Keys\n"
                + "  \"\"\"                    begins and ends a message of several lines\n"
                + "  Ctrl+C, Ctrl+D         stops the answer; leaves\n";
    }

    /** Short ones on one line, others with the meaning below. */
    private static String line(SlashCommand command, int width) {
        boolean listed = command == SET || command == SHOW;
        String head = listed || command.arguments.isEmpty() ? command.name : command.name + " " + command.arguments;
        String first = String.format(Locale.ROOT, "  %-22s %s%n", head, command.meaning);
        if (!listed) {
            return head.length() <= 22 && first.length() <= width + 1
                    ? first
                    : "  " + head + "\n" + wrapped(command.meaning, width);
        }
        return first + wrapped(command.arguments, width);
    }

    private static String wrapped(String text, int width) {
        String indent = " ".repeat(25);
        WordWrap wrap = new WordWrap(width - indent.length());
        String lines = wrap.accept(text) + wrap.finish();
        return lines.lines().map(line -> indent + line.stripTrailing() + "\n").collect(Collectors.joining());
    }
}
