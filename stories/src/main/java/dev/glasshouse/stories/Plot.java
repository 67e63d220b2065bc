package dev.glasshouse.stories;

import java.util.List;

/**
 * What a story turns on. Texts hold {@code #} for the object's name.
 *
 * @param name a word for the plot
 * @param lead how the hero comes by the object, one of {@link #LEADS}
 * @param problems what happens
 * @param feelings how the hero takes it
 * @param speeches what the hero tells the helper
 * @param acts what the two do at places of their own
 * @param got how the unlucky one came by a miss, a verb in the past
 * @param misses what the unlucky one got
 * @param hits what the lucky one did, verbs in the past
 * @param deed what the lucky one did to the object
 * @param asked the deed in a question
 */
record Plot(
        String name,
        String lead,
        List<String> problems,
        Options feelings,
        Options speeches,
        List<Act> acts,
        String got,
        Options misses,
        Options hits,
        String deed,
        String asked) {
    /** Problems of each plot. */
    static final int PROBLEMS = 4;

    /** How a hero comes by an object. */
    static final List<String> LEADS = List.of("owned", "dreamed of", "had heard of", "had found");

    /** A verb in its past and in its base form. */
    record Act(String past, String base) {}

    private static final Options SAD = Options.of(
            "sighed", "cried", "wept", "felt lonely", "could not eat", "shook with anger", "turned pale", "lost heart");
    private static final Options EAGER = Options.of(
            "jumped for joy",
            "could hardly wait",
            "danced around",
            "made a plan",
            "clapped",
            "ran outside",
            "grinned",
            "felt hopeful");
    private static final Options PUZZLED = Options.of(
            "wondered",
            "thought hard",
            "frowned",
            "could not sleep",
            "sipped some tea",
            "counted the stars",
            "walked in circles",
            "blinked twice");

    static final List<Plot> ALL = List.of(
            new Plot(
                    "lost",
                    "owned",
                    List.of("the # was gone", "the # had vanished", "the # was nowhere", "the # was missing"),
                    SAD,
                    Options.of("I have lost my #!", "Have you seen my #?"),
                    List.of(new Act("looked", "look"), new Act("searched", "search")),
                    "found",
                    Options.of("mud", "dust", "an old boot", "a sleeping snail", "a heap of leaves", "a broken plate"),
                    Options.of("saw the # glitter", "stepped on the #", "noticed the #"),
                    "found",
                    "found"),
            new Plot(
                    "broken",
                    "owned",
                    List.of("the # fell and broke", "the # broke in two", "the # came apart", "the # cracked"),
                    SAD,
                    Options.of("My # is broken!", "Who can mend my #?"),
                    List.of(new Act("hunted", "hunt"), new Act("asked", "ask")),
                    "found",
                    Options.of("paint", "sand", "a bent nail", "a torn sail", "a ball of wool", "an empty jar"),
                    Options.of("got glue for the #", "picked up screws for the #", "made a part for the #"),
                    "mended",
                    "mended"),
            new Plot(
                    "thief",
                    "owned",
                    List.of(
                            "a magpie stole the #",
                            "a gull snatched the #",
                            "a weasel took the #",
                            "a monkey grabbed the #"),
                    SAD,
                    Options.of("A thief has my #!", "Somebody has stolen my #!"),
                    List.of(new Act("waited", "wait"), new Act("watched", "watch")),
                    "saw",
                    Options.of(
                            "a bee",
                            "a butterfly",
                            "a shadow",
                            "a friendly ghost",
                            "a black beetle",
                            "a passing cloud"),
                    Options.of("caught the thief with the #", "saw the thief hide the #", "made the thief drop the #"),
                    "rescued",
                    "rescued"),
            new Plot(
                    "giant",
                    "owned",
                    List.of(
                            "a giant sat on the #",
                            "a troll lay on the #",
                            "an ogre stepped on the #",
                            "a dragon curled around the #"),
                    SAD,
                    Options.of("Please help me save my #!", "Look at my poor #!"),
                    List.of(new Act("sang", "sing"), new Act("shouted", "shout")),
                    "heard",
                    Options.of(
                            "an echo", "a faint hum", "a squeaky tune", "a hoarse cry", "a whisper", "a drowsy sound"),
                    Options.of("saw the # shake", "moved the # with the noise", "made the # dance"),
                    "freed",
                    "freed"),
            new Plot(
                    "race",
                    "dreamed of",
                    List.of(
                            "the # was a prize",
                            "the mayor offered the #",
                            "the king promised the #",
                            "a race for the # began"),
                    EAGER,
                    Options.of("I must win the #!", "Let us run for the #!"),
                    List.of(new Act("practised", "practise"), new Act("trained", "train")),
                    "had",
                    Options.of(
                            "a slow walk",
                            "a bad start",
                            "a sore foot",
                            "a silly tumble",
                            "a lot of yawning",
                            "a long nap"),
                    Options.of("ran fast for the #", "felt ready for the #", "jumped high for the #"),
                    "won",
                    "won"),
            new Plot(
                    "treasure",
                    "had heard of",
                    List.of(
                            "a map showed the #",
                            "a sailor knew about the #",
                            "a letter about the # arrived",
                            "a pirate talked about the #"),
                    EAGER,
                    Options.of("Shall we hunt for the #?", "Help me find the #!"),
                    List.of(new Act("dug", "dig"), new Act("explored", "explore")),
                    "found",
                    Options.of("a worm", "a bone", "a rusty pot", "a potato", "a root", "a grey stone"),
                    Options.of("hit a chest with the #", "felt the # in the soil", "saw the # shine"),
                    "dug up",
                    "dug up"),
            new Plot(
                    "shop",
                    "dreamed of",
                    List.of(
                            "the # stood in a shop",
                            "a merchant sold the #",
                            "the # cost only ten coins",
                            "the tailor offered the #"),
                    EAGER,
                    Options.of("The # costs so much money!", "I must buy the #!"),
                    List.of(new Act("worked", "work"), new Act("helped", "help")),
                    "got",
                    Options.of(
                            "a thin penny",
                            "a kind word",
                            "a dry crust",
                            "a wave goodbye",
                            "a tired back",
                            "a shabby coat"),
                    Options.of("earned coins for the #", "saved up for the #", "took the pay for the #"),
                    "bought",
                    "bought"),
            new Plot(
                    "stray",
                    "had found",
                    List.of(
                            "the # had no owner",
                            "a note fell off the #",
                            "somebody was calling for the #",
                            "the # felt like a riddle"),
                    PUZZLED,
                    Options.of("Whose # is this?", "Who owns this #?"),
                    List.of(new Act("asked", "ask"), new Act("listened", "listen")),
                    "got",
                    Options.of("a shrug", "a rude answer", "a guess", "a joke", "a yawn", "a puzzled face"),
                    Options.of("met the owner of the #", "heard who missed the #", "learned who had the # before"),
                    "given back",
                    "gave back"));

    /** The plots that begin in a way. */
    static List<Plot> of(String lead) {
        return ALL.stream().filter(plot -> plot.lead().equals(lead)).toList();
    }
}
