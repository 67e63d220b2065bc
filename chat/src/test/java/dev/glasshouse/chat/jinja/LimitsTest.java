package dev.glasshouse.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.glasshouse.weights.Json;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that want too much end in one clear error, within the memory of a small heap. */
class LimitsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(10**9) %}x{% endfor %}",
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m(n) %}{{ m(n + 1) if n < 10**9 }}{% endmacro %}{{ m(0) }}",
                "{{ 'x' * 10**9 }}",
                "{{ 'x' * 10**30 }}",
                "{{ [0] * 10**9 }}",
                "{{ ('x' * 10**6) * 10**6 }}",
                "{{ 'x'.center(10**9) }}",
                "{{ 'x'.ljust(10**9) }}",
                "{{ 'x'.zfill(10**9) }}",
                "{{ '%999999999d' % 1 }}",
                "{{ '%.999999999f' % 1 }}",
                "{{ '{:999999999}'.format(1) }}",
                "{{ '{:0999999999,}'.format(1) }}",
                "{{ '{:.999999999f}'.format(1.5) }}",
                "{{ 'x'|indent(10**9, true) }}",
                "{{ [1]|tojson(indent=10**9) }}",
                "{{ [1]|batch(10**9, 0)|list }}",
                "{{ [1]|slice(10**9)|list }}",
                "{{ '\\t'.expandtabs(10**9) }}",
                "{{ 2 ** (10 ** 9) }}",
                "{{ 10 ** 100 ** 100 }}",
                "{{ (-2) ** 1000000000 }}",
                "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s.replace('x', 'xx') %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l|tojson }}",
                "{% set ns = namespace(l=[1], m=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}"
                        + "{% set ns.m = [ns.m, ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
                "{% set ns = namespace(l=(1,)) %}{% for i in range(60) %}{% set ns.l = (ns.l, ns.l) %}{% endfor %}{{ {ns.l: 1} }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}",
                "{% set ns = namespace(l=[], m=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}"
                        + "{% set ns.m = [ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
                "{% set ns = namespace(l=()) %}{% for i in range(100000) %}{% set ns.l = (ns.l,) %}{% endfor %}{{ {ns.l: 1} }}",
                "{% set a = 'a' * 4000000 %}{% set b = 'a' * 2000000 ~ 'b' %}{% for i in range(10000) %}{{ b in a }}{% endfor %}",
                "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}",
                "{% set a = range(99999)|list %}{% for i in a %}{{ a|sort|length }}{% endfor %}",
                "{% set a = range(99999)|list %}{% for i in a %}{{ i * 2 in a }}{% endfor %}",
                "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}",
                "{% macro m() %}{{ caller() }}{% endmacro %}{% macro r() %}{% call m() %}{{ r() }}{% endcall %}{% endmacro %}{{ r() }}",
                "{{ strftime_now('%c' * 10000000) }}",
                "{% set ns = namespace(g=[1]) %}{% for i in range(100000) %}{% set ns.g = ns.g|map('string') %}{% endfor %}{{ ns.g|list }}",
            })
    void endsInAnError(String template) {
        assertThatThrownBy(() -> ConformanceTest.render(template, new Variables()))
                .isInstanceOf(JinjaException.class)
                .hasMessageContaining("line 1");
    }

    /** NaN stands in no order; that a sort notices must not surface as a programming error. */
    @Test
    void sortingNanEndsInOrderOrInAnError() {
        StringBuilder numbers = new StringBuilder();
        java.util.Random random = new java.util.Random(1);
        for (int i = 0; i < 4000; i++) {
            numbers.append(random.nextInt(4) == 0 ? "n" : random.nextInt(1000)).append(", ");
        }
        String template = "{% set n = 'nan'|float %}{{ [" + numbers + "]|sort|length }}";
        assertThatThrownBy(() -> ConformanceTest.render(template, new Variables()))
                .isInstanceOf(JinjaException.class)
                .hasMessageContaining("NaN");
    }

    @Test
    void nestedSourceIsRefused() {
        for (String source : List.of(
                "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
                "{{ " + "[".repeat(100_000) + "]".repeat(100_000) + " }}",
                "{{ " + "-".repeat(100_000) + "1 }}",
                "{{ " + "{1:".repeat(100_000) + "1" + "}".repeat(100_000) + " }}",
                "{{ 1" + " + 1".repeat(100_000) + " }}",
                "{{ a" + ".b".repeat(100_000) + " }}",
                "{{ 'a'" + "|upper".repeat(100_000) + " }}",
                "{{ 1" + " if 1 else 1".repeat(100_000) + " }}",
                "{% if 1 %}".repeat(100_000),
                "{% for " + "(".repeat(100_000) + " %}",
                "{{ " + "x[".repeat(100_000) + " }}",
                "{{ f(" + "f(".repeat(100_000) + " }}")) {
            assertThatThrownBy(() -> ConformanceTest.render(source, new Variables()))
                    .as(source.substring(0, 20))
                    .isInstanceOf(JinjaException.class);
        }
        assertThat(ConformanceTest.render("{{ " + "not ".repeat(100_001) + "1 }}", new Variables()))
                .isEqualTo("False");
    }

    /** A long conversation may cost more than a short one. */
    @Test
    void longInputIsRendered() {
        Json messages = Json.of(java.util.stream.IntStream.range(0, 20_000)
                .mapToObj(i -> Json.object()
                        .put("role", i % 2 == 0 ? "user" : "assistant")
                        .put("content", "word ".repeat(100))
                        .build())
                .toList());
        String template = "{% for m in messages %}<|{{ m.role }}|>{{ m.content|trim }}\n{% endfor %}";
        String text = ConformanceTest.render(template, new Variables().input("messages", messages));
        assertThat(text).hasSize(10_000 * (499 + 9) + 10_000 * (499 + 14));
    }

    /** Whatever a template's bytes, the outcome is text or a JinjaException. */
    @Test
    void mutatedTemplatesNeverCrash() {
        Random random = new Random(20261124);
        List<Json.ObjectValue> cases = ConformanceTest.cases();
        Variables variables = ConformanceTest.variables(cases);
        List<String> sources = cases.subList(0, cases.size() - 1).stream()
                .map(one -> one.get("template").asString())
                .toList();
        int rendered = 0;
        for (int i = 0; i < 30_000; i++) {
            String mutant = mutant(random, sources);
            try {
                ConformanceTest.render(mutant, variables);
                rendered++;
            } catch (JinjaException e) {
                assertThat(e.line()).as(mutant).isPositive();
            } catch (RuntimeException e) {
                throw new AssertionError("crash on " + mutant, e);
            }
        }
        assertThat(rendered).isBetween(2_000, 28_000);
    }

    private static String mutant(Random random, List<String> sources) {
        StringBuilder text = new StringBuilder(sources.get(random.nextInt(sources.size())));
        int edits = 1 + random.nextInt(3);
        for (int edit = 0; edit < edits && !text.isEmpty(); edit++) {
            int at = random.nextInt(text.length());
            String other = sources.get(random.nextInt(sources.size()));
            switch (random.nextInt(5)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, "{}%#'\"|()[].,:~-+*/ \n019aé\ud83d".charAt(random.nextInt(27)));
                case 2 -> {
                    int from = random.nextInt(other.length());
                    text.insert(at, other, from, Math.min(other.length(), from + 1 + random.nextInt(20)));
                }
                case 3 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(10)));
                default ->
                    text.replace(
                            at,
                            Math.min(text.length(), at + 1 + random.nextInt(6)),
                            List.of(
                                            "l",
                                            "s",
                                            "d",
                                            "nil",
                                            "users",
                                            "-1",
                                            "10**9",
                                            "1.5",
                                            "x()",
                                            "range",
                                            "namespace",
                                            "loop")
                                    .get(random.nextInt(12)));
            }
        }
        return text.toString();
    }
}
