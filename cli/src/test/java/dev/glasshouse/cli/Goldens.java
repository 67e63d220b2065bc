package dev.glasshouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Pictures as they should look, in files; {@code -Dpictures.write=true} writes them anew, to be looked at. */
final class Goldens {
    private Goldens() {}

    /** Escape characters are shown as ␛. */
    static void assertPicture(String name, List<String> lines) throws IOException {
        String text = String.join("\n", lines).replace('\u001b', '␛') + "\n";
        String file = "pictures/" + name + ".txt";
        if (Boolean.getBoolean("pictures.write")) {
            Path path = Path.of("src/test/resources", file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        }
        try (InputStream in = Goldens.class.getClassLoader().getResourceAsStream(file)) {
            assertThat(in).as(file).isNotNull();
            assertThat(text).as(name).isEqualTo(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** The text without escape sequences. */
    static String plain(String line) {
        return line.replaceAll("\u001b\\[[0-9;:]*m", "");
    }
}
