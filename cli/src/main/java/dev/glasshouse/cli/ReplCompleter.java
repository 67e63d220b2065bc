package dev.glasshouse.cli;

import dev.glasshouse.sampling.Parameter;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes commands, their first words, and the names of sampler settings. */
final class ReplCompleter implements Completer {
    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (!line.line().startsWith("/")) {
            return;
        }
        List<String> words = line.words();
        switch (line.wordIndex()) {
            case 0 -> {
                for (SlashCommand command : SlashCommand.values()) {
                    candidates.add(new Candidate(command.command()));
                }
            }
            case 1 ->
                SlashCommand.of(words.getFirst()).ifPresent(command -> command.choices()
                        .forEach(choice -> candidates.add(new Candidate(choice))));
            case 2 -> {
                if (words.get(0).equals("/set") && words.get(1).equals("parameter")) {
                    Parameter.all().forEach(parameter -> candidates.add(new Candidate(parameter.name())));
                }
            }
            default -> {}
        }
    }
}
