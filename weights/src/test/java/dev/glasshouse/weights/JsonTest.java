package dev.glasshouse.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"b\":1,\"a\":[true,false,null,\"x\"]}",
                "-0.0",
                "1e5",
                "-12.50E-3",
                "123456789012345678901234567890",
                "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\"",
                "\"žluťoučký 🦙\""
            })
    void compactTextReadsAndWritesUnchanged(String text) {
        assertThat(Json.parse(text).write()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "[1 2]",
                "{\"a\" 1}",
                "{a:1}",
                "'a'",
                "01",
                "1.",
                ".5",
                "+1",
                "-",
                "1e",
                "NaN",
                "Infinity",
                "tru",
                "truex",
                "\"a",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\t\"",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "1 2",
                "[]]",
                "\uFEFF1",
                "{\"a\":1,\"a\":2}",
                "/**/1",
                "\"\\u١٢٣٤\""
            })
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(GlassException.class)
                .hasMessageMatching("(?s)JSON error at line \\d+, column \\d+: .*");
    }

    @Test
    void saysWhere() {
        assertThatThrownBy(() -> Json.parse("{\n  \"a\": [1,\n   x]}"))
                .hasMessage("JSON error at line 3, column 4: this is not a JSON value.");
    }

    @Test
    void nestingAndLengthAreBounded() {
        String deep = "[".repeat(200) + "]".repeat(200);
        assertThat(Json.parse(deep).write()).isEqualTo(deep);
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).hasMessageContaining("deeper than the 200");
        assertThatThrownBy(() -> Json.parse("[1,2,3]", new Json.Limits(3, 6))).hasMessageContaining("longer than");
    }

    @Test
    void bytesMustBeUtf8() {
        assertThat(Json.parse("\"é\"".getBytes(StandardCharsets.UTF_8)).asString())
                .isEqualTo("é");
        assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xc3, '"'})).hasMessageContaining("UTF-8");
    }

    @Test
    void accessorsTellKindsApart() {
        Json.ObjectValue object = Json.parse("{\"s\":\"x\",\"i\":9223372036854775807,\"d\":1.5,\"b\":true,\"n\":null,"
                        + "\"o\":{},\"a\":[1e3]}")
                .asObject();
        assertThat(object.string("s")).contains("x");
        assertThat(object.integer("i")).hasValue(Long.MAX_VALUE);
        assertThat(object.number("d")).hasValue(1.5);
        assertThat(object.bool("b")).contains(true);
        assertThat(object.string("n")).isEmpty();
        assertThat(object.find("n")).contains(Json.ofNull());
        assertThat(object.object("o").orElseThrow().members()).isEmpty();
        assertThat(object.array("a").orElseThrow().getFirst().asLong()).isEqualTo(1000);
        assertThat(object.members().keySet()).containsExactly("s", "i", "d", "b", "n", "o", "a");
        assertThatThrownBy(() -> object.string("i"))
                .hasMessage("The JSON key \"i\" should hold a string but holds a number.");
        assertThatThrownBy(() -> object.integer("d")).hasMessageContaining("1.5 is not a whole number");
        assertThatThrownBy(() -> object.get("none")).hasMessageContaining("no key \"none\"");
        assertThatThrownBy(() -> Json.parse("1e999999999").asLong()).isInstanceOf(GlassException.class);
        assertThatThrownBy(() -> Json.parse("-1e999").asDouble())
                .isInstanceOf(GlassException.class)
                .hasMessageContaining("-1e999 is too large");
    }

    /** Twenty million digits would keep a decimal busy for minutes, and fill the screen. */
    @Test
    void aVeryLongNumberIsRefusedAtOnce() {
        Json number = Json.parse("1." + "0".repeat(20_000_000));
        assertThat(number.asDouble()).isEqualTo(1);
        assertThatThrownBy(number::asLong).isInstanceOf(GlassException.class).satisfies(e -> assertThat(e.getMessage())
                .hasSizeLessThan(200));
    }

    /** Expected texts from Python 3: {@code json.dumps({"b": [1, "é\u007f"], "a": {}, "c": []}, ...)}. */
    @Test
    void stylesEqualPythons() {
        Json value = Json.object()
                .put("b", List.of(Json.of(1), Json.of("é\u007f")))
                .put("a", Json.object().build())
                .put("c", List.of())
                .build();
        assertThat(value.write(JsonStyle.PYTHON)).isEqualTo("{\"b\": [1, \"é\u007f\"], \"a\": {}, \"c\": []}");
        assertThat(value.write(new JsonStyle(Optional.of("    "), ",", ": ", true, true)))
                .isEqualTo("{\n    \"a\": {},\n    \"b\": [\n        1,\n        \"\\u00e9\\u007f\"\n    ],\n"
                        + "    \"c\": []\n}");
    }

    /** Expected texts are Python's {@code repr}. */
    @ParameterizedTest
    @CsvSource({
        "1, 1.0",
        "-0.0, -0.0",
        "0.1, 0.1",
        "1e15, 1000000000000000.0",
        "1e16, 1e+16",
        "1.5e300, 1.5e+300",
        "1e-4, 0.0001",
        "1e-5, 1e-05",
        "-2.5e-7, -2.5e-07",
        "123456.789, 123456.789",
        "4.9e-324, 5e-324"
    })
    void doublesAreWrittenAsPythonDoes(double number, String text) {
        assertThat(Json.of(number).write()).isEqualTo(text);
    }
}
