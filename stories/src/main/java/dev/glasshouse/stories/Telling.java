package dev.glasshouse.stories;

import java.util.List;

/** How a story goes. */
final class Telling {
    private static final Options COLOURS = Options.uniform(Words.withArticle(Words.COLOURS));
    private static final Options OBJECTS = Options.uniform(Words.OBJECTS);
    private static final Options TRAITS = Options.uniform(Words.TRAITS);
    private static final Options PLACES = Options.uniform(Words.PLACES);
    private static final Options WEATHER = Options.uniform(Words.WEATHER);
    private static final Options DAYS = Options.uniform(Words.DAYS);
    private static final Options FLAVOURS = Options.uniform(Words.FLAVOURS);
    private static final Options BAKES = Options.uniform(Words.BAKES);
    private static final Options LEADS = leads();
    private static final List<Options> PROBLEMS = Plot.LEADS.stream()
            .map(lead -> Options.uniform(Plot.of(lead).stream()
                    .flatMap(plot -> plot.problems().stream())
                    .toList()))
            .toList();

    private final Voice voice;
    private final Scene scene;
    private final Friend hero;
    private final Friend helper;

    Telling(Voice voice, Scene scene) {
        this.voice = voice;
        this.scene = scene;
        hero = scene.hero;
        helper = scene.helper;
    }

    /** A story from its opening on. */
    void story() {
        voice.choose("opening", Phrases.OPENING);
        afterOpening();
    }

    /** A story whose opening has been said. */
    void afterOpening() {
        scene.aKind(voice);
        voice.choose("named", Phrases.NAMED);
        scene.name(voice, hero, "", ".");
        trouble();
        meeting();
        work();
        ending();
    }

    private void trouble() {
        String pronoun = Phrases.PRONOUNS.text(voice.choose("pronoun", Phrases.PRONOUNS));
        int lead = voice.choose("lead", LEADS);
        int colour = voice.choose("colour", COLOURS);
        scene.colour = Words.COLOURS.get(colour);
        voice.say(" ");
        if (scene.object.isEmpty()) {
            scene.object = Words.OBJECTS.get(voice.choose("object", OBJECTS));
        } else {
            voice.say(scene.object);
        }
        voice.say(".");
        voice.choose("when", Phrases.WHEN);
        voice.choose("weather", WEATHER);
        voice.say(" ");
        voice.choose("day", DAYS);
        voice.say(", ");
        List<Plot> plots = Plot.of(Plot.LEADS.get(lead));
        int problem = voice.choose("problem", filled(PROBLEMS.get(lead)));
        scene.plot = plots.get(problem / Plot.PROBLEMS);
        voice.say("." + pronoun + " ");
        voice.choose("feeling", scene.plot.feelings());
        voice.say(".");
    }

    private void meeting() {
        voice.choose("arrival", Phrases.ARRIVALS);
        scene.name(voice, helper, hero.name, " the ");
        scene.kind(voice, helper);
        voice.choose("coming", Phrases.COMINGS);
        voice.say(". \"");
        voice.choose("speech", filled(scene.plot.speeches()));
        voice.say("\" said " + hero.name + ". ");
        Friend first = first();
        trait(first, voice.choose("manner", Phrases.MANNERS));
        voice.choose("join", Phrases.JOINS);
        Friend second = scene.other(first);
        voice.say(second.name);
        voice.say(Phrases.MANNERS.text(1 - first.manner));
        trait(second, 1 - first.manner);
        voice.say(". ");
    }

    private void work() {
        Friend first = first();
        List<Plot.Act> acts = scene.plot.acts();
        first.act = voice.choose(
                "act",
                Options.uniform(
                        acts.stream().map(act -> " would " + act.base() + " ").toList()));
        first.place = Words.PLACES.get(voice.choose("place", PLACES));
        Friend second = scene.other(first);
        second.act = 1 - first.act;
        voice.say(", and " + second.name + " would " + acts.get(second.act).base() + " ");
        second.place = Words.PLACES.get(voice.choose("place", PLACES.without(first.place)));
        voice.say(". " + done(first) + ", and " + done(second) + ". ");
        Friend unlucky = first();
        scene.winner = scene.other(unlucky);
        voice.say(" " + scene.plot.got());
        voice.choose("miss", Phrases.MISSES);
        voice.choose("nothing", scene.plot.misses());
        voice.say(", but " + scene.winner.name + " ");
        voice.choose("luck", filled(scene.plot.hits()));
        voice.say("!");
    }

    /** What a friend did, and where. */
    private String done(Friend friend) {
        return friend.name + " " + scene.plot.acts().get(friend.act).past() + " " + friend.place;
    }

    private void ending() {
        Friend winner = scene.winner;
        Friend other = scene.other(winner);
        voice.choose("result", Phrases.RESULTS);
        voice.say(scene.object + " was " + scene.plot.deed() + " by " + winner.name + ". \"");
        voice.choose("praise", Phrases.PRAISES);
        voice.say(", " + winner.name + "!\" said ");
        voice.choose("crowd", Phrases.CROWD);
        voice.say(". The last ");
        String flavour = Words.FLAVOURS.get(voice.choose("flavour", FLAVOURS));
        voice.say(" ");
        scene.cake = flavour + " " + Words.BAKES.get(voice.choose("cake", BAKES));
        voice.say(" went to " + other.name + ". " + other.name);
        voice.choose("eating", Phrases.EATS);
        voice.choose("ending", Phrases.ENDINGS);
        Friend first = first();
        Friend second = scene.other(first);
        voice.say(Phrases.MANNERS.text(first.manner) + first.trait + " and " + second.name
                + Phrases.MANNERS.text(second.manner) + second.trait + ", but they ");
        voice.choose("fate", Phrases.FATES);
        voice.say(Tags.END);
    }

    /** Says the name of either friend. */
    private Friend first() {
        return voice.choose("order", Options.of(hero.name, helper.name)) == 0 ? hero : helper;
    }

    private void trait(Friend friend, int manner) {
        friend.manner = manner;
        friend.trait = Words.TRAITS.get(voice.choose("trait", TRAITS));
    }

    private Options filled(Options templates) {
        return templates.filled(scene.object, scene.colour);
    }

    private static Options leads() {
        String[] texts = new String[Plot.LEADS.size()];
        double[] weights = new double[texts.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = " " + Plot.LEADS.get(i) + " ";
            weights[i] = Plot.of(Plot.LEADS.get(i)).size();
        }
        return Options.weighted(texts, weights);
    }
}
