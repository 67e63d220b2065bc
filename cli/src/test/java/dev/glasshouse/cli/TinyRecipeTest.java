package dev.glasshouse.cli;

import static dev.glasshouse.cli.Ran.glass;
import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.weights.Json;
import org.junit.jupiter.api.Test;

/** The model inside the program comes from its recipe: stories, tokenizer and data are made again, and the first steps of its training. */
class TinyRecipeTest {
    @Test
    void theFirstMilestonesOfTinyAreMadeAgain() {
        Ran ran = glass("verify", "tiny", "--steps", "16", "--json");
        assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
        Json.ObjectValue found = Json.parse(ran.out()).asObject();
        assertThat(found.get("result").asString()).isEqualTo("same");
        assertThat(found.get("to_step").asLong()).isEqualTo(16);
        assertThat(found.get("checked").asArray().stream().map(Json::asString))
                .anyMatch(what -> what.contains("the tokenizer learnt anew"))
                .contains("the milestone of step 0", "the milestone of step 1", "the milestone of step 16");
    }
}
