package dev.glasshouse.stories;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of people, none of them in the generator's list: can a model copy what it has never seen? */
public final class ForeignNames {
    /** 200 names. */
    public static final List<String> ALL = List.of(
            ("Aaliyah Abdul Adam Adele Agnes Ahmed Aiko Aisha Alan Albert Alejandro Alice Alma Amara Amina Anders Andrea Angela Anja "
                            + "Annika Anton Aoife Arjun Arthur Astrid Ayesha Bao Beatrix Benjamin Bob Boris Brian Bridget Bruno Camila Carlos "
                            + "Carmen Cedric Chen Chidi Chloe Claire Claudia Connor Cyrus Dagmar Daniel Daphne David Deepa Dennis Diego Dmitri "
                            + "Dylan Edith Edward Eleanor Elif Elena Emeka Emil Emma Enrique Erik Esther Eva Fatima Felix Fiona Florian Franz "
                            + "Freya Gabriel George Gerald Greta Gustav Hamza Hannah Harald Harry Hassan Heidi Helga Henry Hiroshi Hugo Ibrahim "
                            + "Ines Ingrid Irene Isabel Ivan Jack Jakob James Jasmine Jens Jerome Joanna Johan John Jorge Joseph Julia Jun "
                            + "Kamal Karen Karl Katja Keiko Kenji Kevin Khalid Kofi Kumar Kwame Lars Laura Layla Lena Leon Liam Linda Ling "
                            + "Lorenzo Lucas Lucia Magnus Malik Marco Margaret Maria Martin Matilda Mei Mohammed Monica Nadia Naomi Natasha Nell "
                            + "Nicholas Nina Noah Norman Olga Oliver Omar Oscar Pablo Patrick Paul Pedro Penelope Petra Philip Priya Rachel "
                            + "Raj Ramon Rebecca Richard Rosa Ruth Samira Samuel Sanjay Sara Sebastian Selma Sergei Simone Sofia Stefan "
                            + "Sven Tamara Tariq Theo Thomas Tim Tomas Ursula Valentin Vera Victor Walter Wendy William Xanthe Ximena Yasmin "
                            + "Yusuf Yvonne Zara Ottilie Kwesi Bjorn Ngozi Siobhan")
                    .split(" "));

    private static final Pattern HELPER = Pattern.compile(", ([A-Z][a-z]*) the ");
    private static final Pattern PLACE_OF_NAME =
            Pattern.compile("(?:named|called|said|by|to|and|but|while) ([A-Z][a-z]*)|, ([A-Z][a-z]*)!");
    private static final int LEAST = 6;

    private ForeignNames() {}

    /** A request with one of the names. */
    public static String request(int index) {
        String kind = Words.KINDS.get(index * 7 % Words.KINDS.size());
        String object = Words.OBJECTS.get(index * 11 % Words.OBJECTS.size());
        return "Tell me a story about " + ALL.get(index % ALL.size()) + " the " + kind + " and " + Words.article(object)
                + object + ".";
    }

    /** Whether a hero's name goes through a story unharmed: it is told often, and no name but it and the helper's is told. */
    public static boolean survives(String name, String story) {
        Matcher met = HELPER.matcher(story);
        Set<String> others = new TreeSet<>();
        Matcher whole = Pattern.compile("\\b" + Pattern.quote(name) + "\\b").matcher(story);
        long told = whole.results().count();
        Matcher places = PLACE_OF_NAME.matcher(story);
        while (places.find()) {
            String found = places.group(1) == null ? places.group(2) : places.group(1);
            if (!found.equals(name)) {
                others.add(found);
            }
        }
        return told >= LEAST && met.find() && others.stream().allMatch(other -> other.equals(met.group(1)));
    }
}
