package dev.glasshouse.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.glasshouse.testkit.TestData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One person with one browser profile at the page. Every request that leaves the machine is refused and remembered, and so
 * is every error of the page; {@link #close} fails if there was one that nobody expected.
 */
final class Visit implements AutoCloseable {
    /** Where screenshots go, to be looked at. */
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final String address;
    private final BrowserContext context;
    private final Page page;
    private final List<String> outside = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();

    /**
     * @param language "en" or "de"
     * @param width of the window; 390 is a phone
     */
    Visit(Chromium chromium, String address, ColorScheme theme, String language, int width, int height) {
        this.address = address;
        context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setColorScheme(theme)
                        .setLocale(language)
                        .setViewportSize(width, height));
        context.route(
                url -> !url.startsWith(address + "/") && !url.startsWith("data:") && !url.startsWith("blob:"),
                route -> {
                    outside.add(route.request().url());
                    route.abort();
                });
        page = context.newPage();
        page.onPageError(errors::add);
        page.onConsoleMessage(this::hear);
    }

    private void hear(ConsoleMessage message) {
        // A request that the server answers with an error is the page's to handle, and the browser logs it.
        if (message.type().equals("error") && !message.text().startsWith("Failed to load resource")) {
            errors.add(message.text());
        }
    }

    /** A desktop in English and light colours. */
    static Visit desktop(Chromium chromium, String address) {
        return new Visit(chromium, address, ColorScheme.LIGHT, "en", 1280, 800);
    }

    Page page() {
        return page;
    }

    /** Goes to a view, such as "#/tour/1". */
    void go(String hash) {
        page.navigate(address + "/" + hash);
        page.waitForSelector("main h1, main h2");
    }

    /** What axe finds wrong, one line each. */
    List<String> axe() {
        Path file =
                TestData.npm("axe-core@" + System.getProperty("axe.version")).resolve("axe.min.js");
        try {
            page.evaluate(Files.readString(file) + "\n0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Object violations = page.evaluate("""
                async () => (await axe.run(document)).violations.flatMap(v =>
                    v.nodes.map(n => v.id + ': ' + n.target.join(' ') + ': ' + n.failureSummary))""");
        return ((List<?>) violations).stream().map(String::valueOf).toList();
    }

    /** Whether the page is wider than its window. */
    boolean scrollsSideways() {
        return (Boolean) page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
    }

    void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    /** Answers an API call from the page's own origin. */
    Object api(String path, Map<String, Object> body) {
        return page.evaluate(
                "async ([path, body]) => (await fetch(path, {method: 'POST', headers: {'content-type': 'application/json'},"
                        + " body: JSON.stringify(body)})).json()",
                List.of(path, body));
    }

    List<String> outside() {
        return outside;
    }

    List<String> errors() {
        return errors;
    }

    @Override
    public void close() {
        context.close();
        assertThat(outside).as("requests that left the machine").isEmpty();
        assertThat(errors).as("errors of the page").isEmpty();
    }
}
