package dev.glasshouse.browser;

import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A browser and a server with {@code tiny}, for all tests of a class. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PageTest {
    private Path home = Path.of("");
    private Chromium chromium;
    private ServerProcess server;

    @BeforeAll
    void start(@TempDir Path folder) {
        home = folder;
        server = ServerProcess.start(home, 0, "tiny");
        chromium = Chromium.start();
    }

    @AfterAll
    void stop() {
        chromium.close();
        server.close();
    }

    Chromium chromium() {
        return chromium;
    }

    ServerProcess server() {
        return server;
    }

    /** Ends the server as a crash would and starts it again at the same place. */
    void restartServer() {
        int port = server.port();
        server.kill();
        server = ServerProcess.start(home, port, "tiny");
    }

    Visit desktop() {
        return visit(ColorScheme.LIGHT, "en");
    }

    Visit visit(ColorScheme theme, String language) {
        return new Visit(chromium, server.address(), theme, language, 1280, 800);
    }

    Visit phone(ColorScheme theme, String language) {
        return new Visit(chromium, server.address(), theme, language, 390, 844);
    }
}
