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
 * @param act what both do at places of their own, and its base form
 * @param misses what happens at the wrong place, as the noun after "there was"
 * @param hits what happens at the right place, before and after that place; {@code @} is the colour
 * @param deed what the lucky one did to the object
 * @param asked the deed in a question
 */
record Plot(
        String name,
        String lead,
        List<String> problems,
        Options feelings,
        Options speeches,
        Act act,
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
                    new Act("looked", "look"),
                    Options.of("mud", "dust", "an old boot", "a sleeping snail", "a heap of leaves", "a broken plate"),
                    Options.of("the @ # lay", "the @ # was waiting", "the @ # glittered"),
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
                    new Act("searched", "search"),
                    Options.of("paint", "sand", "a bent nail", "a torn sail", "a ball of wool", "an empty jar"),
                    Options.of("glue for the @ # stood", "screws for the @ # lay", "a part of the @ # lay"),
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
                    new Act("waited", "wait"),
                    Options.of(
                            "a bee",
                            "a butterfly",
                            "a shadow",
                            "a friendly ghost",
                            "a black beetle",
                            "a passing cloud"),
                    Options.of("the thief hid the @ #", "the thief had the @ #", "the thief dropped the @ #"),
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
                    new Act("sang", "sing"),
                    Options.of("an echo", "a faint hum", "a squeaky tune", "a sad song", "a whisper", "a drowsy sound"),
                    Options.of("the @ # shook at the song", "a song moved the @ #", "the @ # danced to the song"),
                    "freed",
                    "freed"),
            new Plot(
                    "race",
                    "dreamed of",
                    List.of(
                            "the # was the prize in a race",
                            "the mayor promised the # to the fastest",
                            "the king offered the # as a prize",
                            "the race for the # came near"),
                    EAGER,
                    Options.of("I want to win the #!", "Let us run for the #!"),
                    new Act("practised", "practise"),
                    Options.of(
                            "a slow walk",
                            "a bad start",
                            "a sore foot",
                            "a silly tumble",
                            "a lot of yawning",
                            "a long nap"),
                    Options.of(
                            "the practice for the @ # went well",
                            "the dream of the @ # gave wings",
                            "hope for the @ # gave speed"),
                    "won",
                    "won"),
            new Plot(
                    "treasure",
                    "had heard of",
                    List.of(
                            "a map of the # turned up",
                            "a sailor knew about the #",
                            "a letter about the # arrived",
                            "a pirate lost the plan to the #"),
                    EAGER,
                    Options.of("Shall we hunt for the #?", "Help me to dig for the #!"),
                    new Act("dug", "dig"),
                    Options.of("a worm", "a bone", "a rusty pot", "a potato", "a root", "a grey stone"),
                    Options.of("the @ # came up", "a chest with the @ # lay", "the @ # shone in the soil"),
                    "dug up",
                    "dug up"),
            new Plot(
                    "shop",
                    "dreamed of",
                    List.of(
                            "the # stood in the toy shop",
                            "a merchant put the # up for sale",
                            "the # was on sale for ten coins",
                            "the tailor wanted to sell the #"),
                    EAGER,
                    Options.of("The # costs so much money!", "I want to buy the #!"),
                    new Act("worked", "work"),
                    Options.of(
                            "a thin penny",
                            "a kind word",
                            "a dry crust",
                            "a wave goodbye",
                            "a tired back",
                            "a shabby coat"),
                    Options.of("coins for the @ # piled up", "the pay bought the @ #", "a rich lady paid for the @ #"),
                    "bought",
                    "bought"),
            new Plot(
                    "stray",
                    "had found",
                    List.of(
                            "it was time to return the #",
                            "a note fell off the #",
                            "somebody was calling for the #",
                            "the # felt like a riddle"),
                    PUZZLED,
                    Options.of("Whose # is this?", "Who owns this #?"),
                    new Act("asked", "ask"),
                    Options.of("a shrug", "a rude answer", "a guess", "a joke", "a yawn", "a puzzled face"),
                    Options.of("a child cried for the @ #", "a farmer missed the @ #", "a princess knew the @ #"),
                    "given back",
                    "gave back"));

    /** The plots that begin in a way. */
    static List<Plot> of(String lead) {
        return ALL.stream().filter(plot -> plot.lead().equals(lead)).toList();
    }
}
