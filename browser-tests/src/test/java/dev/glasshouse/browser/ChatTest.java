package dev.glasshouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A chat as people know it: send, stop, again, edit, reload, restart of the server, export and import. */
class ChatTest extends PageTest {
    private static final Words WORDS = Words.of("en");
    /** What tiny answers with a whole story. */
    private static final String STORY = "Tell me a story about Zorbo the fox and a lantern.";

    private static void send(Page page, String text) {
        page.fill(".composer textarea", text);
        page.press(".composer textarea", "Enter");
    }

    /** Bans the token that ends an answer, so that there is time to do something meanwhile. */
    private static void endless(Page page) {
        page.evaluate("localStorage.setItem('glasshouse.settings', JSON.stringify({logit_bias: {2: false}}))");
        page.reload();
        page.waitForSelector(".composer textarea");
    }

    private static void answered(Page page) {
        page.waitForSelector("article.assistant");
        page.waitForSelector("article.assistant:not([aria-busy])");
    }

    private static Locator button(Page page, String key) {
        return page.getByRole(
                AriaRole.BUTTON,
                new Page.GetByRoleOptions().setName(WORDS.t(key)).setExact(true));
    }

    @Test
    void answersAgainAndAfterAnEditAreBranches() {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            visit.go("#/chat");
            send(page, STORY);
            answered(page);
            button(page, "chat.again").click();
            Wait.until(page, "document.querySelector('article.assistant .branch')?.textContent.includes('2/2')");
            answered(page);
            String second = page.textContent("article.assistant .md");
            button(page, "chat.before").click();
            Wait.until(page, "document.querySelector('article.assistant .branch').textContent.includes('1/2')");
            assertThat(page.textContent("article.assistant .md")).isNotEqualTo(second);
            button(page, "chat.edit").first().click();
            // The box takes the focus and puts the cursor at its end by itself; only then is it typed into.
            page.waitForSelector(".editing textarea:focus");
            page.fill(".editing textarea", "The dog");
            page.locator(".editing .primary").click();
            Wait.until(page, "document.querySelector('article.user .branch')?.textContent.includes('2/2')");
            answered(page);
            assertThat(page.textContent("article.user .words")).isEqualTo("The dog");
        }
    }

    @Test
    void whatIsSentBeforeTheModelsAreKnownGoesOutThen() {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            List<Route> held = new CopyOnWriteArrayList<>();
            page.route("**/models", held::add);
            visit.go("#/chat");
            send(page, STORY);
            assertThat(page.inputValue(".composer textarea")).isEqualTo(STORY);
            assertThat(page.locator("article").count()).isZero();
            page.unroute("**/models");
            held.forEach(Route::resume);
            answered(page);
            assertThat(page.textContent("article.user .words")).isEqualTo(STORY);
            assertThat(page.inputValue(".composer textarea")).isEmpty();
        }
    }

    @Test
    void stoppingKeepsWhatIsThere() {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            visit.go("#/chat");
            endless(page);
            send(page, STORY);
            Wait.until(page, "(document.querySelector('article.assistant .md')?.textContent.length ?? 0) > 20");
            button(page, "chat.stop").click();
            answered(page);
            String kept = page.textContent("article.assistant .md");
            assertThat(kept).isNotBlank();
            page.reload();
            page.waitForSelector("article.assistant .md");
            assertThat(page.textContent("article.assistant .md")).isEqualTo(kept);
        }
    }

    @Test
    void anAnswerInProgressSurvivesAReload() {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            visit.go("#/chat");
            endless(page);
            send(page, STORY);
            Wait.until(page, "(document.querySelector('article.assistant .md')?.textContent.length ?? 0) > 20");
            String before = page.textContent("article.assistant .md");
            page.reload();
            answered(page);
            String after = page.textContent("article.assistant .md");
            assertThat(after).startsWith(before.strip().substring(0, 20));
            assertThat(after.length()).isGreaterThan(before.length());
            assertThat(page.locator("article.assistant .broken").count()).isZero();
        }
    }

    @Test
    void aRestartOfTheServerIsSaidAndTheChatGoesOn() {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            visit.go("#/chat");
            // Two turns must fit the small context.
            page.evaluate(
                    "localStorage.setItem('glasshouse.limits', JSON.stringify({max: 40, thinking: true, stop: []}))");
            endless(page);
            send(page, STORY);
            answered(page);
            restartServer();
            send(page, "And then");
            Wait.until(page, "document.querySelectorAll('article.assistant').length == 2");
            Wait.until(page, "!document.querySelector('article.assistant[aria-busy]')");
            assertThat(page.locator("article.assistant .md").nth(1).textContent())
                    .isNotBlank();
            visit.errors().removeIf(error -> error.contains("ERR_CONNECTION_REFUSED"));
        }
    }

    @Test
    void conversationsAreExportedAndComeBack() throws Exception {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            visit.go("#/chat");
            send(page, STORY);
            answered(page);
            button(page, "chat.talks_more").click();
            Download download = page.waitForDownload(
                    () -> page.getByText(WORDS.t("chat.export_all")).click());
            String json = Files.readString(download.path());
            assertThat(json).contains(STORY);
            try (Visit other = desktop()) {
                other.go("#/chat");
                button(other.page(), "chat.talks_more").click();
                other.page()
                        .waitForFileChooser(() ->
                                other.page().getByText(WORDS.t("chat.import")).click())
                        .setFiles(download.path());
                other.page().waitForSelector(".talks li");
                other.page().locator(".talks .talk").first().click();
                other.page().waitForSelector("article.assistant .md");
            }
        }
    }

    /** Markup in a message is text, and links that could run code are none. */
    @Test
    void hostileTextIsText() {
        try (Visit visit = desktop()) {
            Page page = visit.page();
            visit.go("#/chat");
            send(page, "<img src=x onerror=alert(1)> <script>alert(2)</script> [a](javascript:alert(3))");
            answered(page);
            assertThat(page.locator("article img, article script, article a[href^='javascript']")
                            .count())
                    .isZero();
            assertThat(page.textContent("article.user .words")).contains("<script>alert(2)</script>");
        }
    }
}
