package dev.glasshouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.glasshouse.weights.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Glass view: steps, candidates, stages, the draw, branches, and a trace that opens without a model. */
class GlassTest extends PageTest {
    private static final Words WORDS = Words.of("en");

    @TempDir
    Path folder;

    private static void open(Visit visit, String text) {
        visit.go("#/glass");
        visit.page().fill("#begin", text);
        visit.page().press("#begin", "Control+Enter");
        visit.page().waitForSelector(".glass .tokens");
        settle(visit.page());
    }

    private static void settle(Page page) {
        Wait.until(page, "!document.querySelector('.busy[data-on]')");
    }

    private static void tab(Page page, String key) {
        page.getByRole(
                        AriaRole.TAB,
                        new Page.GetByRoleOptions().setName(WORDS.t(key)).setExact(true))
                .click();
        settle(page);
    }

    private static void press(Page page, String name) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .first()
                .click();
    }

    private static int tokens(Page page) {
        return ((Number) page.evaluate("document.querySelectorAll('.tokens .chips [data-i]:not(.next)').length"))
                .intValue();
    }

    @Test
    void candidatesAndTheRestMakeOneHundredPercent() {
        try (Visit visit = desktop()) {
            open(visit, "Once upon a time");
            List<?> shares = (List<?>) visit.page().evaluate("""
                    [...document.querySelectorAll('table.cands tbody tr')].map(tr =>
                        [2, 3].map(i => parseFloat(tr.children[i].textContent) || 0))""");
            for (int column = 0; column < 2; column++) {
                double sum = 0;
                for (Object row : shares) {
                    sum += ((Number) ((List<?>) row).get(column)).doubleValue();
                }
                // Each row is rounded to a tenth of a percent.
                assertThat(sum).isBetween(100 - 0.06 * shares.size(), 100 + 0.06 * shares.size());
            }
        }
    }

    @Test
    void aPickOfOnesOwnIsABranchAndStepsGoOn() {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            open(visit, "Once upon a time");
            int before = tokens(page);
            press(page, WORDS.t("glass.step"));
            Wait.until(
                    page,
                    "n => document.querySelectorAll('.tokens .chips [data-i]:not(.next)').length == n",
                    before + 1);
            settle(page);
            page.locator("table.cands tbody tr:not(.rest) button").nth(3).click();
            Wait.until(
                    page,
                    "n => document.querySelectorAll('.tokens .chips [data-i]:not(.next)').length == n",
                    before + 2);
        }
    }

    @Test
    void aStageThatIsChangedIsAskedOfTheServer() {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            open(visit, "Once upon a time there was a");
            tab(page, "glass.tab.stages");
            String before = page.textContent("[data-stage=top_k]");
            page.fill("#v-top_k-top_k", "3");
            Wait.until(page, "was => document.querySelector('[data-stage=top_k]').textContent !== was", before);
            settle(page);
            assertThat(page.textContent("[data-stage=top_k]")).contains("3");
        }
    }

    @Test
    void drawsAreCounted() {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            open(visit, "Once upon a time there was a");
            tab(page, "glass.tab.draw");
            press(page, "×100");
            Wait.until(page, "document.querySelector('[data-count]')");
            int sum = ((Number)
                            page.evaluate(
                                    "[...document.querySelector('[data-count]').closest('tbody').rows].reduce((n, row) => n + Number(row.cells[2].textContent), 0)"))
                    .intValue();
            assertThat(sum).isEqualTo(100);
        }
    }

    @Test
    void aSavedTraceOpensWithoutItsModelAndReplays() throws Exception {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            open(visit, "Once upon a time");
            press(page, WORDS.t("glass.goOn", "n", "24"));
            Wait.until(page, "document.querySelectorAll('.tokens .chips [data-i]:not(.next)').length > 20");
            page.waitForSelector(".tokens [aria-busy=false]");
            tab(page, "glass.tool.trace");
            Download download = page.waitForDownload(() -> press(page, WORDS.t("glass.trace.save")));
            Path file = folder.resolve("trace.json");
            download.saveAs(file);
            Json.ObjectValue trace = Json.parse(Files.readString(file)).asObject();
            assertThat(trace.get("steps").asArray()).hasSizeGreaterThan(10);
            try (Visit other = desktop()) {
                // A server that has lost its model.
                other.page()
                        .route(
                                "**/api/glass/models",
                                route -> route.fulfill(new com.microsoft.playwright.Route.FulfillOptions()
                                        .setContentType("application/json")
                                        .setBody("{\"models\":[]}")));
                other.go("#/glass");
                tab(other.page(), "glass.tool.trace");
                other.page()
                        .waitForFileChooser(() -> press(other.page(), WORDS.t("glass.trace.open")))
                        .setFiles(file);
                other.page().waitForSelector(".glass .tokens");
                assertThat(tokens(other.page()))
                        .isEqualTo(trace.get("prompt").asArray().size()
                                + trace.get("steps").asArray().size());
                other.screenshot("trace-without-model");
            }
        }
    }
}
