package dev.glasshouse.cli;

import dev.glasshouse.hub.Hub;
import dev.glasshouse.hub.InstalledModel;
import dev.glasshouse.hub.Licence;
import dev.glasshouse.hub.PullEvent;
import dev.glasshouse.hub.PullOptions;
import dev.glasshouse.hub.PullPlan;
import dev.glasshouse.weights.GlassException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Finds a model on this machine or fetches it, telling name, parameters, size and licence before the bytes move. */
final class Fetching {
    /** The context that memory is foretold for. */
    private static final int CONTEXT = 4096;

    private final Console console;
    private final Hub hub;
    private Optional<ProgressBar> bar = Optional.empty();

    Fetching(Console console, Hub hub) {
        this.console = console;
        this.hub = hub;
    }

    /**
     * The model of that name, fetched if it is not here yet.
     *
     * @throws GlassException if it cannot be had, or its licence was not accepted
     */
    InstalledModel model(String name, boolean acceptLicence) {
        Optional<InstalledModel> here = hub.find(name);
        return here.isPresent() ? here.get() : pull(name, acceptLicence, false);
    }

    InstalledModel pull(String name, boolean acceptLicence, boolean repair) {
        PullPlan plan = hub.plan(name, this::tell);
        show(plan);
        boolean accepted = acceptLicence;
        if (!plan.licenceAccepted() && !accepted) {
            accepted = ask();
        }
        try {
            return hub.pull(plan, new PullOptions(accepted, repair), this::tell);
        } finally {
            endBar();
        }
    }

    private void show(PullPlan plan) {
        StringBuilder line = new StringBuilder(console.bold(plan.name()));
        plan.facts().ifPresent(facts -> facts.parameters().ifPresent(count -> line.append("  ")
                .append(Numbers.parameters(count))
                .append(" parameters (")
                .append(facts.architecture())
                .append(")")));
        plan.size().ifPresent(size -> line.append("  ").append(ProgressBar.bytes(size)));
        console.note(line.toString());
        console.note("  licence  " + licence(plan.licence()));
        plan.memory(CONTEXT)
                .ifPresent(memory -> console.note("  memory   about " + ProgressBar.bytes(memory)
                        + " to run it with a context of " + String.format(Locale.ROOT, "%,d", CONTEXT)));
        console.note("  from     " + plan.source());
        if (plan.already() > 0) {
            console.note("  here     " + ProgressBar.bytes(plan.already()) + " from an earlier attempt");
        }
    }

    static String licence(Licence licence) {
        return licence.name()
                + (licence.name().equalsIgnoreCase(licence.id()) ? "" : " (" + licence.id() + ")")
                + (licence.conditions() ? ", with conditions" : "")
                + licence.link().map(link -> "  " + link).orElse("");
    }

    private boolean ask() {
        if (!console.inputTerminal()) {
            return false;
        }
        console.err().print("This licence has conditions. Have you read it, and do you accept it? [y/N] ");
        console.err().flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
        } catch (IOException e) {
            throw new GlassException("The answer could not be read: " + e.getMessage(), e);
        }
    }

    private void tell(PullEvent event) {
        switch (event) {
            case PullEvent.Trying trying -> console.note(console.faint("asking " + trying.source()));
            case PullEvent.SourceFailed failed ->
                console.note(console.faint(failed.source() + " cannot serve: " + failed.reason()));
            case PullEvent.Started started -> {
                endBar();
                bar = Optional.of(new ProgressBar(console, "pulling " + started.file()));
            }
            case PullEvent.Progress progress ->
                bar.ifPresent(shown -> shown.update(
                        progress.done(), progress.total(), progress.bytesPerSecond(), progress.secondsLeft()));
            case PullEvent.Retrying retrying -> {
                endBar();
                console.note(String.format(
                        Locale.ROOT,
                        "%s: %s; trying again in %.0f s (%d)",
                        retrying.file(),
                        retrying.reason(),
                        retrying.waitSeconds(),
                        retrying.attempt()));
                bar = Optional.of(new ProgressBar(console, "pulling " + retrying.file()));
            }
            case PullEvent.Waiting waiting ->
                console.note("another process is fetching " + waiting.file() + "; waiting for it");
            case PullEvent.Repairing repairing -> {
                endBar();
                console.note("fetching " + ProgressBar.bytes(repairing.length()) + " of " + repairing.file()
                        + " again that went bad");
            }
            case PullEvent.Verifying verifying -> {
                endBar();
                console.note(console.faint("verifying the SHA-256 of " + verifying.file()));
            }
            case PullEvent.Note note -> console.note(note.text());
            case PullEvent.FileDone done -> {
                endBar();
                console.note("stored " + done.path() + (done.checked() ? ", hash verified" : ", hash not published"));
            }
        }
    }

    private void endBar() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
