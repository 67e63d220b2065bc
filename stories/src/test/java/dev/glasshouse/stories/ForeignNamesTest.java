package dev.glasshouse.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ForeignNamesTest {
    @Test
    void areTwoHundredOthers() {
        assertEquals(200, ForeignNames.ALL.size());
        assertEquals(200, Set.copyOf(ForeignNames.ALL).size());
        assertTrue(ForeignNames.ALL.stream().noneMatch(Names.LISTED::contains));
    }

    @Test
    void aNameThatIsSpoiledOnceDoesNotSurvive() {
        StoryTeller teller = new StoryTeller(1);
        for (long i = 0; i < 200; i++) {
            String story = teller.heldOut(i).story();
            String hero = story.replaceAll(".* (?:named|called) ([A-Z][a-z]*)\\..*", "$1");
            assertTrue(ForeignNames.survives(hero, story), story);
            int at = story.lastIndexOf(" said " + hero);
            if (at >= 0) {
                String spoiled = story.substring(0, at + 7) + "q" + story.substring(at + 7);
                assertFalse(ForeignNames.survives(hero, spoiled), spoiled);
            }
        }
    }
}
