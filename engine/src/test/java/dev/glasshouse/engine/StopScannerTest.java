package dev.glasshouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopScannerTest {
    @Test
    void holdsBackOnlyWhatCouldBeAStop() {
        StopScanner scanner = new StopScanner(List.of("</end>", "STOP"));
        assertThat(scanner.push("a <")).isEqualTo("a ");
        assertThat(scanner.push("/e")).isEmpty();
        assertThat(scanner.push("x")).isEqualTo("</ex");
        assertThat(scanner.push("S")).isEmpty();
        assertThat(scanner.push("STO")).isEqualTo("S");
        assertThat(scanner.push("P more")).isEmpty();
        assertThat(scanner.found()).contains("STOP");
        assertThat(scanner.push("again")).isEmpty();
        assertThat(scanner.finish()).isEmpty();
    }

    @Test
    void atTheEndTheHeldTextComesOut() {
        StopScanner scanner = new StopScanner(List.of("abc"));
        assertThat(scanner.push("xab")).isEqualTo("x");
        assertThat(scanner.finish()).isEqualTo("ab");
    }

    @Test
    void anyCutGivesTheSame() {
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            String text = random.ints(random.nextInt(30), 'a', 'c')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            List<String> stops = random.ints(1 + random.nextInt(3), 0, 100)
                    .mapToObj(n -> "abbabab".substring(n % 4, n % 4 + 2 + n % 2))
                    .toList();
            int first = stops.stream()
                    .mapToInt(text::indexOf)
                    .filter(at -> at >= 0)
                    .min()
                    .orElse(text.length());
            StopScanner scanner = new StopScanner(stops);
            StringBuilder out = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(text.length(), at + 1 + random.nextInt(4));
                out.append(scanner.push(text.substring(at, end)));
                at = end;
            }
            out.append(scanner.finish());
            assertThat(out.toString()).as("%s in %s", stops, text).isEqualTo(text.substring(0, first));
        }
    }
}
