package dev.glasshouse.stories;

import java.util.List;

/** The word lists of the world. No entry is the beginning of another one in its list. */
final class Words {
    static final List<String> KINDS = List.of(
            "fox",
            "owl",
            "bear",
            "mouse",
            "rabbit",
            "hedgehog",
            "badger",
            "otter",
            "frog",
            "squirrel",
            "kitten",
            "puppy",
            "duck",
            "goose",
            "crow",
            "deer",
            "wolf",
            "goat",
            "piglet",
            "hen",
            "mole",
            "beaver",
            "turtle",
            "lizard",
            "penguin",
            "seal",
            "swan",
            "raccoon",
            "hamster",
            "donkey",
            "pony",
            "lamb");

    /** What stories are about. */
    static final List<String> OBJECTS = List.of(
            "lantern",
            "kite",
            "drum",
            "bell",
            "boat",
            "clock",
            "violin",
            "crown",
            "teapot",
            "umbrella",
            "sledge",
            "mitten",
            "balloon",
            "bicycle",
            "book",
            "pillow",
            "cup",
            "doll",
            "feather",
            "flute",
            "globe",
            "guitar",
            "hat",
            "key",
            "marble",
            "necklace",
            "engine",
            "pearl",
            "puppet",
            "puzzle",
            "ring",
            "robot",
            "scarf",
            "shell",
            "ship",
            "statue",
            "sword",
            "telescope",
            "trumpet",
            "vase");

    static final List<String> COLOURS = List.of(
            "red", "blue", "green", "yellow", "purple", "orange", "white", "black", "pink", "brown", "golden",
            "silver");

    static final List<String> TRAITS = List.of(
            "shy",
            "brave",
            "clever",
            "kind",
            "quiet",
            "cheerful",
            "patient",
            "curious",
            "gentle",
            "careful",
            "proud",
            "honest",
            "lazy",
            "merry",
            "stubborn",
            "polite",
            "funny",
            "sleepy",
            "wise",
            "bold",
            "calm",
            "friendly",
            "dreamy",
            "hungry",
            "noisy",
            "serious",
            "nervous",
            "grumpy");

    static final List<String> PLACES = List.of(
            "under the bridge",
            "behind the waterfall",
            "beside the pond",
            "on the hill",
            "near the well",
            "in the orchard",
            "beside the river",
            "at the market",
            "in the cave",
            "on the beach",
            "behind the barn",
            "in the grass",
            "under the oak",
            "at the gate",
            "near the lighthouse",
            "at the harbour",
            "in the meadow",
            "at the crossroads",
            "near the windmill",
            "behind the bakery",
            "in the forest",
            "near the fountain",
            "on the island",
            "in the vineyard",
            "beside the lake",
            "near the castle",
            "in the valley",
            "behind the school",
            "behind the wall",
            "on the mountain",
            "under the willows",
            "at the station");

    static final List<String> FLAVOURS = List.of(
            "cherry",
            "plum",
            "honey",
            "apple",
            "lemon",
            "ginger",
            "pumpkin",
            "walnut",
            "carrot",
            "berry",
            "cheese",
            "cinnamon");

    static final List<String> BAKES =
            List.of("bun", "cake", "pie", "tart", "muffin", "biscuit", "pancake", "waffle", "dumpling", "cookie");

    static final List<String> WEATHER = List.of(
            "sunny", "rainy", "snowy", "windy", "foggy", "stormy", "cloudy", "frosty", "warm", "cold", "misty",
            "bright");

    static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    /** The lists of single words, but for the days. */
    static final List<List<String>> LISTS = List.of(KINDS, OBJECTS, COLOURS, TRAITS, FLAVOURS, BAKES, WEATHER);

    private Words() {}

    /** "a" or "an", as the word wants it. */
    static String article(String word) {
        return "aeiou".indexOf(word.charAt(0)) >= 0 ? "an " : "a ";
    }

    /** The words, each with its article. */
    static List<String> withArticle(List<String> words) {
        return words.stream().map(word -> article(word) + word).toList();
    }
}
