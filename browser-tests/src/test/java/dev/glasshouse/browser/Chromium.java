package dev.glasshouse.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import dev.glasshouse.testkit.TestData;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A Chromium without a window, driven by Playwright. The browser is the system's own ({@code scripts/install-browser}, or
 * the variable CHROMIUM); the driver is npm's playwright-core, run by the system's Node.js.
 */
final class Chromium implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    static Chromium start() {
        Path driver = driver();
        System.setProperty("playwright.cli.dir", driver.toString());
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable())
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        return new Chromium(playwright, browser);
    }

    Browser browser() {
        return browser;
    }

    /** The folder that Playwright expects: Node.js as "node", the package as "package". */
    private static Path driver() {
        Path core = TestData.npm("playwright-core@" + System.getProperty("playwright.version"));
        Path folder = core.resolveSibling("playwright-driver");
        try {
            Files.createDirectories(folder);
            link(folder.resolve("node"), onPath(List.of("node")));
            link(folder.resolve("package"), core);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static void link(Path link, Path target) throws IOException {
        if (!Files.exists(link)) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, target);
        }
    }

    private static Path executable() {
        String named = System.getenv().getOrDefault("CHROMIUM", "");
        return named.isEmpty() ? onPath(NAMES) : Path.of(named);
    }

    private static Path onPath(List<String> names) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            for (String name : names) {
                Path file = Path.of(folder, name);
                if (Files.isExecutable(file)) {
                    return file;
                }
            }
        }
        throw new IllegalStateException("none of " + names + " is on the PATH; see scripts/install-browser");
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
