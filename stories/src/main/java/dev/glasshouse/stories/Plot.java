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
 * @param misses what happens at the wrong place, as the noun after "there was"
 * @param hits what happens at the right place, before and after that place
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
            "sighed",
            "cried",
            "sat down and wept",
            "felt lonely",
            "could not eat",
            "shook with anger",
            "turned pale",
            "lost heart");
    private static final Options EAGER = Options.of(
            "jumped for joy",
            "could hardly wait",
            "danced around",
            "made a plan",
            "clapped",
            "ran outside",
            "grinned",
            "felt full of hope");
    private static final Options PUZZLED = Options.of(
            "wondered",
            "thought hard",
            "frowned",
            "could not sleep",
            "sipped some tea",
            "counted the stars",
            "paced up and down",
            "blinked twice");

    static final List<Plot> ALL = List.of(
            new Plot(
                    "lost",
                    "owned",
                    List.of("the # was gone", "the # had vanished", "the # was nowhere", "the # was missing"),
                    SAD,
                    Options.of("I have lost my #!", "Have you seen my #?"),
                    List.of(new Act("looked", "look"), new Act("searched", "search")),
                    Options.of("mud", "dust", "an old boot", "a sleeping snail", "a heap of leaves", "a broken plate"),
                    Options.of("the # lay", "the # was waiting", "the # glittered"),
                    "found",
                    "found"),
            new Plot(
                    "broken",
                    "owned",
                    List.of(
                            "the # fell down and broke",
                            "the # broke into three pieces",
                            "the # came apart",
                            "the # cracked"),
                    SAD,
                    Options.of("My # is broken!", "Who can mend my #?"),
                    List.of(new Act("hunted", "hunt"), new Act("asked", "ask")),
                    Options.of("paint", "sand", "a bent nail", "a torn sail", "a ball of wool", "an empty jar"),
                    Options.of("glue for the # stood", "screws for the # lay", "a part of the # lay"),
                    "mended",
                    "mended"),
            new Plot(
                    "thief",
                    "owned",
                    List.of(
                            "a magpie stole the #",
                            "a gull flew away with the #",
                            "a weasel took the #",
                            "a monkey grabbed the #"),
                    SAD,
                    Options.of("A thief has my #!", "Somebody has stolen my #!"),
                    List.of(new Act("waited", "wait"), new Act("watched", "watch")),
                    Options.of(
                            "a bee",
                            "a butterfly",
                            "a shadow",
                            "a friendly ghost",
                            "a black beetle",
                            "a passing cloud"),
                    Options.of("the thief hid the #", "the thief had the #", "the thief dropped the #"),
                    "rescued",
                    "rescued"),
            new Plot(
                    "giant",
                    "owned",
                    List.of(
                            "a giant sat down on the #",
                            "a troll lay down on the #",
                            "an ogre stepped on the #",
                            "a dragon curled around the #"),
                    SAD,
                    Options.of("Please help me save my #!", "Look at my poor #!"),
                    List.of(new Act("sang", "sing"), new Act("shouted", "shout")),
                    Options.of(
                            "an echo", "a faint hum", "a squeaky tune", "a hoarse cry", "a whisper", "a drowsy sound"),
                    Options.of("the # shook at the noise", "the noise moved the #", "the # danced at the sound"),
                    "freed",
                    "freed"),
            new Plot(
                    "race",
                    "dreamed of",
                    List.of(
                            "the # was the prize in a race",
                            "the mayor had the # as a prize",
                            "the king offered the # as a prize",
                            "the race for the # came near"),
                    EAGER,
                    Options.of("I must win the #!", "Let us run for the #!"),
                    List.of(new Act("practised", "practise"), new Act("trained", "train")),
                    Options.of(
                            "a slow walk",
                            "a bad start",
                            "a sore foot",
                            "a silly tumble",
                            "a lot of yawning",
                            "a long nap"),
                    Options.of(
                            "the practice for the # went well",
                            "the dream of the # gave wings",
                            "hope for the # gave speed"),
                    "won",
                    "won"),
            new Plot(
                    "treasure",
                    "had heard of",
                    List.of(
                            "a map of the # turned up",
                            "a sailor knew about the #",
                            "a letter about the # arrived",
                            "a pirate lost the plan for the #"),
                    EAGER,
                    Options.of("Shall we hunt for the #?", "Help me find the #!"),
                    List.of(new Act("dug", "dig"), new Act("explored", "explore")),
                    Options.of("a worm", "a bone", "a rusty pot", "a potato", "a root", "a grey stone"),
                    Options.of("the # came up", "a chest with the # lay", "the # shone in the soil"),
                    "dug up",
                    "dug up"),
            new Plot(
                    "shop",
                    "dreamed of",
                    List.of(
                            "the # stood in the toy shop",
                            "a merchant put the # up for sale",
                            "the # was on sale for ten coins",
                            "the tailor had the # for sale"),
                    EAGER,
                    Options.of("The # costs so much money!", "I must buy the #!"),
                    List.of(new Act("worked", "work"), new Act("helped", "help")),
                    Options.of(
                            "a thin penny",
                            "a kind word",
                            "a dry crust",
                            "a wave goodbye",
                            "a tired back",
                            "a shabby coat"),
                    Options.of("coins for the # piled up", "the pay bought the #", "a rich lady paid for the #"),
                    "bought",
                    "bought"),
            new Plot(
                    "stray",
                    "had found",
                    List.of(
                            "the # had no owner at all",
                            "a note fell off the #",
                            "somebody was calling for the #",
                            "the # felt like a riddle"),
                    PUZZLED,
                    Options.of("Whose # is this?", "Who owns this #?"),
                    List.of(new Act("asked", "ask"), new Act("listened", "listen")),
                    Options.of("a shrug", "a rude answer", "a guess", "a joke", "a yawn", "a puzzled face"),
                    Options.of("a child cried for the #", "a farmer missed the #", "a princess knew the #"),
                    "given back",
                    "gave back"));

    /** The plots that begin in a way. */
    static List<Plot> of(String lead) {
        return ALL.stream().filter(plot -> plot.lead().equals(lead)).toList();
    }
}
