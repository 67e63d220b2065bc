package dev.glasshouse.server;

import dev.glasshouse.stories.Odds;
import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.List;

/** The true odds of the stories that the model inside the program was trained on: no model computes them. */
final class OddsRoutes {
    /** More than any document of that world has. */
    private static final int MOST_CHARACTERS = 8000;

    private static final int MOST_CONTINUATIONS = 64;
    private static final int LONGEST = 100;
    private static final int MOST_NEXT = 100;

    private OddsRoutes() {}

    static void addTo(Router router) {
        router.post("/api/glass/odds", OddsRoutes::odds);
    }

    private static void odds(Exchange exchange) throws Exception {
        Fields body = exchange.body();
        String text = body.needString("text");
        List<String> continuations = body.strings("continuations", MOST_CONTINUATIONS);
        body.noOthers();
        if (text.length() > MOST_CHARACTERS) {
            throw ApiException.field(
                    "text",
                    "\"text\" has " + text.length() + " characters; at most " + MOST_CHARACTERS + " are looked at.");
        }
        for (String each : continuations) {
            if (each.isEmpty() || each.length() > LONGEST) {
                throw ApiException.field(
                        "continuations", "Each of \"continuations\" must have from 1 to " + LONGEST + " characters.");
            }
        }
        Odds odds = new Odds("", List.of());
        List<Json> shares = new ArrayList<>();
        boolean known = true;
        try {
            odds = Odds.after(text);
            known = !odds.next().isEmpty(); // nothing comes after the end
            for (String each : known ? continuations : List.<String>of()) {
                shares.add(Json.of(Math.min(1, odds.share(text, each))));
            }
        } catch (GlassException e) {
            known = false; // a text of another world: nothing is wrong with asking
        }
        List<Json> next = odds.next().stream()
                .limit(MOST_NEXT)
                .map(each -> (Json) Json.object()
                        .put("text", each.text())
                        .put("p", each.odds())
                        .build())
                .toList();
        exchange.json(Json.object()
                .put("known", known)
                .put("choice", odds.label())
                .put("next", next)
                .put("p", shares)
                .build());
    }
}
