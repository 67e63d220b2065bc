package dev.glasshouse.cli;

import dev.glasshouse.sampling.Origin;
import dev.glasshouse.sampling.SamplerSettings;
import dev.glasshouse.sampling.Setting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The sampler settings as a table: each value and where it came from. */
final class SettingsPicture {
    private SettingsPicture() {}

    static void print(Console console, SamplerSettings settings) {
        List<List<String>> rows = new ArrayList<>();
        boolean wide = console.width() >= 110;
        rows.add(wide ? List.of("SETTING", "FROM", "VALUE", "WHAT IT DOES") : List.of("SETTING", "FROM", "VALUE"));
        for (Setting<?> setting : settings.all()) {
            String name = setting.parameter().name();
            String value = TokenText.oneLine(text(setting.value()), 100);
            String origin = setting.origin().label();
            rows.add(
                    wide
                            ? List.of(
                                    name,
                                    origin,
                                    TokenText.oneLine(value, 30),
                                    setting.parameter().description())
                            : List.of(name, origin, value));
        }
        Table.print(console, rows);
        settings.notes().forEach(note -> console.note(console.faint(note)));
    }

    /** The settings that are not built in, on one line; empty where there are none. */
    static String line(SamplerSettings settings) {
        return settings.all().stream()
                .filter(setting -> setting.origin() != Origin.BUILT_IN)
                .map(setting -> setting.parameter().name() + " " + text(setting.value()) + " ("
                        + setting.origin().label() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String text(Object value) {
        if (value instanceof Collection<?> list) {
            return list.stream()
                    .map(element -> element instanceof String text
                            ? TokenText.visible(text.getBytes(StandardCharsets.UTF_8))
                            : String.valueOf(element))
                    .collect(Collectors.joining(" "));
        }
        return String.valueOf(value);
    }
}
