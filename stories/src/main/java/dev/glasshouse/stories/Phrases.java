package dev.glasshouse.stories;

/** Choices that are the same in every plot. */
final class Phrases {
    static final Options REQUESTS = Options.of(
            "Tell me a story",
            "Please tell me a story",
            "Can you tell me a story",
            "I would like a story",
            "A story",
            "a story",
            "Write a story",
            "Make up a story");
    static final Options FORMS =
            Options.weighted(new String[] {" about ", " with ", Tags.END, "." + Tags.END}, new double[] {82, 10, 4, 4});
    static final Options AFTER_KIND =
            Options.weighted(new String[] {" and ", Tags.END, "." + Tags.END}, new double[] {90, 5, 5});
    static final Options REQUEST_ENDS = Options.weighted(
            new String[] {"." + Tags.END, Tags.END, ", please." + Tags.END, "!" + Tags.END, "?" + Tags.END},
            new double[] {45, 30, 10, 5, 10});

    static final String[] OPENINGS = {
        "Once upon a time, there was ", "Long ago, there lived ", "Far away lived ", "Not long ago, there was ",
        "In a small house lived ", "Down the road lived ", "Once there was ", "This is the story of "
    };
    static final Options OPENING = Options.of(OPENINGS);
    static final Options NAMED = Options.of(" named ", " called ");
    static final Options PRONOUNS = Options.of(" He", " She");
    static final Options WHEN = Options.of(" One ", " That ");
    static final Options ARRIVALS = Options.of(
            " Just then, ",
            " Soon, ",
            " Next, ",
            " Luckily, ",
            " Before long, ",
            " Minutes later, ",
            " Right then, ",
            " Suddenly, ");
    static final Options COMINGS = Options.of(
            " came along",
            " walked past",
            " dropped in",
            " waved",
            " strolled along",
            " stood there",
            " turned up",
            " appeared");
    static final Options JOINS = Options.of(", and ", ", but ", ", while ");
    static final Options MISSES = Options.of(" only ", " just ");
    static final Options RESULTS =
            Options.of(" So the ", " Thus the ", " At last the ", " That way the ", " And so the ", " Finally the ");
    static final Options PRAISES = Options.of(
            "Well done", "Bravo", "Hooray", "Good work", "Thank you", "How wonderful", "What luck", "I knew it");
    static final Options CROWD = Options.of(
            "the postman",
            "the neighbours",
            "all the birds",
            "an old lady",
            "the teacher",
            "the baker",
            "everybody",
            "the wind");
    static final Options MANNERS = Options.of(" seemed ", " sounded ");
    static final Options EATS = Options.of(
            " ate it slowly.",
            " ate it fast.",
            " loved it.",
            " enjoyed every crumb.",
            " licked the plate.",
            " smiled.",
            " was so happy.",
            " wanted more.");
    static final Options ENDINGS = Options.of(
            " Ever after, ", " After that, ", " For years, ", " Ever since, ", " Years later, ", " Even later, ");
    static final Options FATES = Options.of(
            "were best friends.",
            "were never bored.",
            "often met again.",
            "laughed a lot.",
            "shared everything.",
            "met every week.",
            "kept no secrets.",
            "lived as neighbours.",
            "played every day.",
            "kept good company.");

    static final String REFUSAL = "I can only tell short stories about animals. "
            + "Give me a name, an animal and a thing, and I will make one up for you.";

    private Phrases() {}
}
