package dev.glasshouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** axe finds nothing wrong in any view, theme, language and size; nothing is wider than a phone. */
class AxeTest extends PageTest {
    @ParameterizedTest
    @CsvSource({"LIGHT,en,desktop", "DARK,de,desktop", "DARK,en,phone", "LIGHT,de,phone"})
    void findsNothing(ColorScheme theme, String language, String size) {
        Words words = Words.of(language);
        String name = size + "-" + theme.name().toLowerCase(Locale.ROOT) + "-" + language;
        try (Visit visit = size.equals("phone") ? phone(theme, language) : visit(theme, language)) {
            Page page = visit.page();
            visit.go("#/chat");
            look(visit, "chat-empty-" + name);
            page.fill(".composer textarea", "Once upon a time");
            page.press(".composer textarea", "Enter");
            page.waitForSelector("article.assistant[aria-busy=true]");
            page.waitForSelector("article.assistant:not([aria-busy])");
            look(visit, "chat-" + name);
            page.click("article.assistant .look");
            page.waitForSelector(".glass .tokens");
            for (String tab : List.of("candidates", "stages", "draw", "layers", "time")) {
                page.getByRole(com.microsoft.playwright.options.AriaRole.TAB, exactly(words.t("glass.tab." + tab)))
                        .click();
                settle(page);
                look(visit, "glass-" + tab + "-" + name);
            }
            for (String tool : List.of("compare", "branches", "score", "model", "trace")) {
                page.getByRole(com.microsoft.playwright.options.AriaRole.TAB, exactly(words.t("glass.tool." + tool)))
                        .click();
                settle(page);
                look(visit, "tool-" + tool + "-" + name);
            }
            visit.go("#/text");
            look(visit, "text-" + name);
            for (String stop : List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "quiz")) {
                visit.go("#/tour/" + stop);
                page.waitForSelector("article[data-stop='" + stop + "']");
                settle(page);
                look(visit, "stop-" + stop + "-" + name);
            }
            page.click(".model-button");
            page.waitForSelector("dialog[open]");
            settle(page);
            look(visit, "models-" + name);
        }
    }

    private static Page.GetByRoleOptions exactly(String name) {
        return new Page.GetByRoleOptions().setName(name).setExact(true);
    }

    private static void settle(Page page) {
        Wait.until(page, "!document.querySelector('.busy[data-on]')");
        page.waitForTimeout(150);
    }

    private static void look(Visit visit, String name) {
        visit.screenshot(name);
        assertThat(visit.axe()).as(name).isEmpty();
        assertThat(visit.scrollsSideways())
                .as("%s is wider than the window", name)
                .isFalse();
    }
}
