package dev.glasshouse.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Small templates against what Jinja2 3.1.6 makes of them: {@code make_conformance.py} beside {@code conformance.jsonl}. */
class ConformanceTest {
    private static final LocalDateTime NOW = LocalDateTime.of(2024, 7, 26, 15, 4, 9);

    static List<Json.ObjectValue> cases() {
        try (InputStream in = ConformanceTest.class.getResourceAsStream("conformance.jsonl")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Json.parse(line).asObject())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Variables variables(List<Json.ObjectValue> cases) {
        Variables variables = new Variables();
        cases.getLast().get("variables").asObject().members().forEach(variables::input);
        return variables;
    }

    static String render(String source, Variables variables) {
        StringBuilder text = new StringBuilder();
        Template.parse(source).render(variables, NOW).forEach(span -> text.append(span.text()));
        return text.toString();
    }

    @Test
    void rendersAndRefusesAsJinja2() {
        List<Json.ObjectValue> cases = cases();
        Variables variables = variables(cases);
        List<String> wrong = new ArrayList<>();
        for (Json.ObjectValue one : cases.subList(0, cases.size() - 1)) {
            String source = one.get("template").asString();
            String expected = one.string("expected").orElse("error");
            String actual;
            try {
                actual = render(source, variables);
            } catch (JinjaException e) {
                assertThat(e.line()).as(source).isPositive();
                actual = one.string("error").isPresent() ? "error" : "error: " + e.getMessage();
            }
            if (!actual.equals(expected)) {
                wrong.add(source + "\n  expected " + expected
                        + one.string("error").map(e -> " " + e).orElse("") + "\n  actual   " + actual);
            }
        }
        assertThat(cases).hasSizeGreaterThan(200);
        assertThat(wrong).isEmpty();
    }
}
