package dev.glasshouse.cli;

import dev.glasshouse.AskOptions;
import dev.glasshouse.Model;
import dev.glasshouse.Session;
import dev.glasshouse.cli.Canvas.Role;
import dev.glasshouse.engine.Cancellation;
import dev.glasshouse.engine.LensRow;
import dev.glasshouse.engine.Look;
import dev.glasshouse.engine.Trace;
import dev.glasshouse.sampling.Parameter;
import dev.glasshouse.sampling.StageKind;
import dev.glasshouse.sampling.StepRecord;
import dev.glasshouse.weights.GlassException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The commands of the chat prompt that step an answer, branch it and look into it, as pictures on stdout. */
final class GlassBox {
    private static final int MOST_STEPS = 100;
    private static final int LENS_TOP = 5;

    private final Console console;
    private final Canvas canvas;
    private final Model model;
    private final Workbench bench;
    private final TokenNames names;

    GlassBox(Console console, Model model, Workbench bench) {
        this.console = console;
        this.canvas = console.canvas();
        this.model = model;
        this.bench = bench;
        this.names = TokenNames.of(model.tokenizer());
    }

    private void print(List<String> lines) {
        lines.forEach(console.out()::println);
    }

    /** {@code /step N}: tokens one by one, each with its picture. */
    void step(String count, AskOptions options) {
        int steps = count.isEmpty() ? 1 : Workbench.number(count, "a number of steps");
        if (steps < 1 || steps > MOST_STEPS) {
            throw new GlassException("/step takes from 1 to " + MOST_STEPS + " steps, not " + steps + "; /go goes on.");
        }
        for (int i = 0; i < steps && (i == 0 || !bench.ended()); i++) {
            print(bench.step(options, OptionalInt.empty()));
        }
        after();
    }

    /** The step that made the answer's last token. */
    void last() {
        int position = bench.path().size() - 1;
        bench.recordedStep(position);
        print(bench.at(position));
        after();
    }

    private void print(Session.Node node) {
        Trace.Step step = node.step().orElseThrow();
        int number = step.position() - bench.begin() + 1;
        print(StepPicture.lines(step, number, model.context(), Workbench.TOP, names, canvas));
    }

    /** The end of the text so far, and whether it goes on. */
    void after() {
        String text = TokenText.oneLine(bench.text(), Integer.MAX_VALUE);
        String mark = bench.ended() ? canvas.glyph("■", "#") : canvas.glyph("▁", "_");
        int room = canvas.width() - 7 - 3;
        int[] points = text.codePoints().toArray();
        int from = points.length;
        int used = 0;
        while (from > 0 && used + Columns.of(points[from - 1]) <= room) {
            from--;
            used += Columns.of(points[from]);
        }
        String tail = (from > 0 ? canvas.ellipsis() : "") + new String(points, from, points.length - from);
        console.out().println(canvas.paint(Role.STRONG, "text") + "   " + tail + canvas.paint(Role.BAR, mark));
        if (bench.ended()) {
            console.note(console.faint("       The model has ended the answer; /branch takes tokens back."));
        }
    }

    /** {@code /pick}: a person's token; then the list for the next one. */
    void pick(String what, AskOptions options) {
        if (what.isEmpty()) {
            throw new GlassException("/pick needs a rank of the list shown last, id:N or a \"text\".");
        }
        Session.Node node = bench.pick(what, options);
        console.note(console.faint("picked " + names.visible(node.token().id(), canvas) + ", id "
                + node.token().id()
                + node.step()
                        .map(step ->
                                ", which had " + Canvas.percent(step.sampling().probability()))
                        .orElse("")));
        after();
        if (!bench.ended()) {
            next(options);
        }
    }

    void branch(String position, AskOptions options) {
        bench.branch(position.isEmpty() ? bench.path().size() - 1 : Workbench.number(position, "a position"));
        after();
        next(options);
    }

    /** {@code /probs}: the candidates for the next token, or the step at a position. */
    void probs(String position, AskOptions options) {
        if (position.isEmpty()) {
            next(options);
            return;
        }
        int at = Workbench.number(position, "a position");
        Optional<Trace.Step> step = bench.recordedStep(at);
        if (step.isPresent()) {
            print(bench.at(at));
            return;
        }
        StepRecord record = bench.candidates(at, options);
        int id = bench.at(at).token().id();
        console.out()
                .println(canvas.paint(Role.STRONG, "position " + at) + "  " + names.visible(id, canvas)
                        + canvas.paint(
                                Role.FAINT,
                                "  was given; the model's own candidates, " + canvas.glyph("▶", ">")
                                        + " what it would draw"));
        print(CandidatePicture.lines(record, Workbench.TOP, names, canvas));
    }

    private void next(AskOptions options) {
        StepRecord record = bench.next(options);
        List<String> lines = new ArrayList<>();
        lines.add(canvas.paint(Role.STRONG, "next")
                + canvas.paint(
                        Role.FAINT,
                        StepPicture.fitting(
                                4,
                                List.of(
                                        "position " + Numbers.whole(bench.path().size()),
                                        StepPicture.entropy(record),
                                        "/step takes what the draw gives, /pick another"),
                                canvas)));
        lines.addAll(CandidatePicture.lines(record, Workbench.TOP, names, canvas));
        lines.addAll(DrawPicture.lines(record, names, canvas));
        print(lines);
    }

    /** {@code /tokens}: the answer's tokens, or all. */
    void tokens(boolean all) {
        List<Trace.Token> path = bench.path().stream().map(Session.Node::token).toList();
        int begin = Math.min(bench.begin(), path.size());
        if (all) {
            print(PromptPicture.lines("prompt", path.subList(0, begin), OptionalInt.of(0), canvas));
            console.out().println();
        }
        print(PromptPicture.lines("answer", path.subList(begin, path.size()), OptionalInt.of(begin), canvas));
        console.note(console.faint("       " + Numbers.whole(begin) + " tokens of prompt, "
                + Numbers.whole(path.size() - begin) + " of answer, context "
                + Numbers.whole(model.context())));
    }

    void time(String position) {
        int node = position.isEmpty()
                ? bench.head()
                : bench.at(Workbench.number(position, "a position")).number();
        bench.session()
                .look(node, Look.NOTHING.withTimes(), new Cancellation())
                .times()
                .ifPresent(times -> print(TimePicture.lines(times, canvas)));
    }

    void tree(String arguments) {
        int[] size = TreePicture.size(arguments);
        print(TreePicture.lines(
                bench.session().tree(bench.head(), size[0], size[1], new Cancellation()), names, canvas));
    }

    void lens(String position) {
        int node = bench.head();
        Look look = Look.NOTHING.withLens(LENS_TOP);
        if (!position.isEmpty()) {
            Session.Node wanted = bench.at(Workbench.number(position, "a position"));
            node = wanted.parent();
            look = look.withTarget(wanted.token().id());
            if (node == Session.ROOT) {
                throw new GlassException("Position 0 has nothing before it that could be looked into.");
            }
        }
        List<LensRow> rows =
                bench.session().look(node, look, new Cancellation()).lens();
        print(LensPicture.lines(rows, names, canvas));
    }

    /** {@code /why}: the surprise map of the answer. */
    void why() {
        List<SurprisePicture.Word> words = SurprisePicture.words(bench.session(), bench.head(), bench.begin());
        print(SurprisePicture.lines("bits", words, canvas));
        OptionalInt most = SurprisePicture.mostSurprising(words);
        if (most.isPresent()) {
            console.note(console.faint("       /probs " + (bench.begin() + most.getAsInt())
                    + " shows what else the most surprising one could have been"));
        }
    }

    /** {@code /sampler}: shows the chain, or changes it. Returns the options to go on with. */
    AskOptions sampler(String arguments, AskOptions options) {
        String[] words = arguments.split("\\s+", 2);
        AskOptions changed = options;
        if (!arguments.isEmpty()) {
            if (words.length < 2) {
                throw new GlassException(
                        "/sampler needs a name and a value, or: order kpt. /sampler alone shows the chain.");
            }
            changed = options.with(words[0].equals("order") ? Parameter.SAMPLERS.name() : words[0], words[1]);
        }
        print(ChainCards.lines(model.settings(changed), model.vocabulary(), canvas));
        if (arguments.isEmpty()) {
            console.note(console.faint("       /sampler top_k 5 sets a value; /sampler order kpt is top_k, top_p,"
                    + "\n       temperature; the letters are\n" + letters()));
        }
        return changed;
    }

    /** The stages with their letters, on lines that fit. */
    private String letters() {
        String all = Arrays.stream(StageKind.values())
                .map(kind -> kind.letter() + " " + kind.fullName().replace(' ', '_'))
                .collect(Collectors.joining(", "));
        WordWrap wrap = new WordWrap(canvas.width() - 7);
        return (wrap.accept(all) + wrap.finish())
                .lines()
                .map(line -> "       " + line)
                .collect(Collectors.joining("\n"));
    }

    AskOptions seed(String arguments, AskOptions options) {
        if (arguments.isEmpty()) {
            console.out().println("seed " + bench.seed(options));
            return options;
        }
        AskOptions changed = options.with(Parameter.SEED.name(), arguments.equals("random") ? "-1" : arguments);
        long seed = model.settings(changed).get(Parameter.SEED);
        console.note(seed < 0 ? "a new seed for each answer" : "set seed to " + seed);
        return changed;
    }

    void trace(String file) {
        if (file.isEmpty()) {
            throw new GlassException("/trace needs the name of a file.");
        }
        try {
            TraceFile.save(console, Path.of(file), bench.trace());
        } catch (InvalidPathException e) {
            throw new GlassException("'" + file + "' is not the name of a file.", e);
        }
    }
}
