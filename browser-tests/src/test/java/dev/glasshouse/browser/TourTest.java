package dev.glasshouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tour, walked by keyboard only, and the quiz behind it, answered with what the tour says. */
class TourTest extends PageTest {
    private static final int STOPS = 9;

    @ParameterizedTest
    @CsvSource({"LIGHT,en", "DARK,en", "LIGHT,de", "DARK,de"})
    void isWalkedByKeyboardAlone(ColorScheme theme, String language) {
        Words words = Words.of(language);
        try (Visit visit = visit(theme, language)) {
            Keys keys = new Keys(visit.page());
            visit.go("#/tour/1");
            for (int stop = 1; stop <= STOPS; stop++) {
                settle(visit.page(), String.valueOf(stop));
                assertThat(visit.page().textContent("h1")).isEqualTo(words.t("tour." + stop + ".title"));
                assertThat(visit.page().locator("[role=alert]").count()).isZero();
                tryStop(stop, visit.page(), keys);
                visit.screenshot(
                        "tour-" + stop + "-" + language + "-" + theme.name().toLowerCase(java.util.Locale.ROOT));
                visit.page().evaluate("document.querySelector('h1').focus()");
                keys.press("ArrowRight");
            }
            settle(visit.page(), "quiz");
            answer(visit.page(), keys);
            assertThat(visit.page().textContent("[data-points]"))
                    .isEqualTo(words.t("tour.quiz.perfect", "n", "9", "of", "9"));
            visit.screenshot("tour-quiz-" + language + "-" + theme.name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    /** Uses what can be tried at a stop. */
    private static void tryStop(int stop, Page page, Keys keys) {
        switch (stop) {
            case 2 -> {
                keys.tabTo("#typed");
                keys.type("A cat");
                Wait.until(page, "document.querySelector('[data-api=\"tokenize count\"]')?.dataset.value < 8");
            }
            case 5 -> {
                String before = page.textContent(".try");
                keys.tabTo("#word");
                keys.type("frog");
                Wait.until(page, "was => document.querySelector('.try').textContent !== was", before);
            }
            case 6 -> {
                keys.tabTo("#temp");
                String before = (String) page.evaluate("document.querySelector('output[for=temp]').textContent");
                keys.press("ArrowRight");
                Wait.until(page, "was => document.querySelector('output[for=temp]').textContent !== was", before);
            }
            case 7 -> {
                keys.tabTo(".try button.primary");
                keys.press("Enter");
                page.waitForSelector("[data-api='sessions/{s}/step step.p']");
            }
            case 9 -> {
                keys.tabTo("#film");
                String before = page.textContent(".try table");
                keys.press("ArrowLeft");
                Wait.until(page, "was => document.querySelector('.try table').textContent !== was", before);
            }
            default -> {}
        }
    }

    private static void settle(Page page, String stop) {
        page.waitForSelector("article[data-stop='" + stop + "']");
        if (!stop.equals("quiz")) {
            page.waitForSelector("article[data-stop='" + stop + "'] .try");
            Wait.until(
                    page,
                    "!document.querySelector('.try .busy[data-on]') && document.querySelector('.try').children.length > 1");
        }
    }

    /** What a reader knows after each stop. */
    private static void answer(Page page, Keys keys) {
        List<Integer> learned = List.of(1, 0, 2, 1, 2, 0, 1, 2, 1);
        for (int question = 1; question <= STOPS; question++) {
            keys.tabTo("input[name=q" + question + "]");
            keys.press("Space");
            for (int i = 0; i < learned.get(question - 1); i++) {
                keys.press("ArrowDown");
            }
        }
        keys.tabTo(".quiz button.primary");
        keys.press("Enter");
        page.waitForSelector("[data-points]");
    }

    @Test
    void aWrongAnswerIsSaid() {
        try (Visit visit = desktop()) {
            visit.go("#/tour/quiz");
            for (int question = 1; question <= STOPS; question++) {
                visit.page().check("input[name=q" + question + "][value='0']");
            }
            visit.page().click(".quiz button.primary");
            assertThat(visit.page().getAttribute("[data-points]", "data-points"))
                    .isEqualTo("2");
            assertThat(visit.page().locator("[data-right=false]").count()).isEqualTo(7);
        }
    }

    /** The numbers of the first and last stop stand in the answers of the API. */
    @Test
    void numbersAreTheApis() {
        try (Visit visit = desktop()) {
            for (int stop : List.of(1, 3, 8)) {
                visit.go("#/tour/" + stop);
                settle(visit.page(), String.valueOf(stop));
                Object facts = visit.page().evaluate("async () => (await fetch('/api/glass/models/tiny')).json()");
                List<?> shown = (List<?>)
                        visit.page()
                                .evaluate(
                                        "[...document.querySelectorAll('[data-api^=\"models/{name} \"]')].map(e => [e.dataset.api, e.dataset.value])");
                assertThat(shown).as("numbers at stop %d", stop).isNotEmpty();
                for (Object pair : shown) {
                    String path = String.valueOf(((List<?>) pair).getFirst()).substring("models/{name} ".length());
                    Object value = facts;
                    for (String part : path.split("\\.")) {
                        value = ((Map<?, ?>) value).get(part);
                    }
                    if (!path.equals("memory.available")) { // it changes by itself
                        assertThat(String.valueOf(((List<?>) pair).getLast()))
                                .as(path)
                                .isEqualTo(String.valueOf(value));
                    }
                }
            }
        }
    }

    @Test
    void parametersAndTensorsAddUp() {
        try (Visit visit = desktop()) {
            visit.go("#/tour/1");
            settle(visit.page(), "1");
            Object sums = visit.page().evaluate("""
                    async () => {
                        const m = await (await fetch('/api/glass/models/tiny?tensors=true')).json();
                        const product = (shape) => shape.reduce((a, b) => a * b, 1);
                        return [m.facts.parameters, m.tensors.reduce((n, t) => n + product(t.shape), 0),
                            m.facts.types.reduce((n, t) => n + t.parameters, 0)];
                    }""");
            List<?> three = (List<?>) sums;
            assertThat(three.get(1)).isEqualTo(three.get(0));
            assertThat(three.get(2)).isEqualTo(three.get(0));
        }
    }
}
