package dev.glasshouse.stories;

/** What is true in a story so far. A fact is chosen when it is first told and repeated from then on. */
final class Scene {
    final Friend hero = new Friend();
    final Friend helper = new Friend();
    String object = "";
    String colour = "";
    String cake = "";
    Plot plot = Plot.ALL.getFirst();

    /** Did the deed; the other one gets the last cake. */
    Friend winner = hero;

    Friend other(Friend friend) {
        return friend == hero ? helper : hero;
    }

    /** Says who and what the story is about, in the order of a request or of an opening. */
    void name(Voice voice, Friend friend, String other, String after) {
        if (friend.name.isEmpty()) {
            friend.name = Names.tell(voice, "name", other, after);
        } else {
            voice.say(friend.name + after);
        }
    }

    private static final Options KINDS = Options.uniform(Words.KINDS);
    private static final Options A_KIND = Options.uniform(Words.withArticle(Words.KINDS));
    private static final Options AN_OBJECT = Options.uniform(Words.withArticle(Words.OBJECTS));

    /** The kind without an article. */
    void kind(Voice voice, Friend friend) {
        if (!friend.kind.isEmpty()) {
            voice.say(friend.kind);
            return;
        }
        friend.kind = Words.KINDS.get(voice.choose("kind", KINDS));
    }

    /** The hero's kind with its article. */
    void aKind(Voice voice) {
        if (hero.kind.isEmpty()) {
            hero.kind = Words.KINDS.get(voice.choose("kind", A_KIND));
        } else {
            voice.say(Words.article(hero.kind) + hero.kind);
        }
    }

    /** The object with its article. */
    void anObject(Voice voice) {
        if (object.isEmpty()) {
            object = Words.OBJECTS.get(voice.choose("object", AN_OBJECT));
        } else {
            voice.say(Words.article(object) + object);
        }
    }
}
