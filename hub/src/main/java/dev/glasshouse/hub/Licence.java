package dev.glasshouse.hub;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Under which terms a model may be used.
 *
 * @param id the SPDX identifier or the publisher's own id, e.g. {@code apache-2.0}, {@code gemma}; {@code unknown} when
 *     nobody says
 * @param name for people, e.g. {@code Apache License 2.0}
 * @param link where the text stands
 * @param conditions whether it restricts who may use the model or for what, so that it must be accepted once; true as
 *     well where the licence is not stated or not known to the program
 */
public record Licence(String id, String name, Optional<String> link, boolean conditions) {
    /** Licences that leave use free; identifiers of SPDX and of Hugging Face model cards, in lower case. */
    private static final Set<String> FREE = Set.of(
            "apache-2.0",
            "mit",
            "bsd",
            "bsd-2-clause",
            "bsd-3-clause",
            "bsd-3-clause-clear",
            "isc",
            "zlib",
            "unlicense",
            "cc0-1.0",
            "cc-by-2.0",
            "cc-by-3.0",
            "cc-by-4.0",
            "cc-by-sa-3.0",
            "cc-by-sa-4.0",
            "cdla-permissive-1.0",
            "cdla-permissive-2.0",
            "bsl-1.0",
            "wtfpl",
            "mpl-2.0",
            "lgpl-2.1",
            "lgpl-3.0",
            "gpl-2.0",
            "gpl-3.0",
            "agpl-3.0",
            "gpl",
            "lgpl",
            "artistic-2.0",
            "ecl-2.0",
            "epl-2.0",
            "eupl-1.1",
            "eupl-1.2",
            "ms-pl",
            "ncsa",
            "postgresql");

    /** The licence with that id, as a publisher wrote it; name and link where the publisher gives them. */
    static Licence of(String id, Optional<String> name, Optional<String> link) {
        String key = normal(id);
        if (key.isEmpty() || key.equals("unknown")) return notStated();
        String shown = name.filter(n -> !n.isBlank()).orElse(id.strip());
        return new Licence(
                Text.clean(key, 100), Text.clean(shown, 200), link.map(l -> Text.clean(l, 500)), !FREE.contains(key));
    }

    static Licence notStated() {
        return new Licence("unknown", "not stated by the publisher", Optional.empty(), true);
    }

    /** Package metadata writes "Apache 2.0", "MIT License" and the like where an identifier should stand. */
    private static String normal(String id) {
        String key = id.strip().toLowerCase(Locale.ROOT);
        return switch (key) {
            case "apache 2.0",
                    "apache 2",
                    "apache-2",
                    "apache license 2.0",
                    "apache license, version 2.0",
                    "apache2.0",
                    "apache software license" -> "apache-2.0";
            case "mit license", "the mit license" -> "mit";
            case "bsd license", "bsd-3" -> "bsd-3-clause";
            default -> key;
        };
    }
}
