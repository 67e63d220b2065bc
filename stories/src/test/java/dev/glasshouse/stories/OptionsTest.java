package dev.glasshouse.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** No option begins another one, and odds sum to 1, at every choice of many documents. */
class OptionsTest {
    /** Draws like a speaker, and looks at every set of options. */
    private static final class Inspector implements Voice {
        private final Speaker speaker;

        Inspector(Speaker speaker) {
            this.speaker = speaker;
        }

        @Override
        public void say(String text) {
            speaker.say(text);
        }

        @Override
        public int choose(String label, Options options) {
            double sum = 0;
            for (int i = 0; i < options.size(); i++) {
                sum += options.odds(i);
                assertTrue(options.odds(i) >= 0);
                assertFalse(options.text(i).isEmpty(), label);
                for (int j = 0; j < options.size(); j++) {
                    assertFalse(
                            i != j
                                    && options.odds(i) > 0
                                    && options.odds(j) > 0
                                    && options.text(j).startsWith(options.text(i)),
                            () -> label);
                }
            }
            assertEquals(1, sum, 1e-12);
            return speaker.choose(label, options);
        }
    }

    @Test
    void optionsAreFreeOfPrefixesAndTheirOddsSumToOne() {
        for (long i = 0; i < 2000; i++) {
            new Conversation(new Inspector(new Speaker(new Draw(3, 1, i, 0))), new Scene()).tell();
        }
    }
}
