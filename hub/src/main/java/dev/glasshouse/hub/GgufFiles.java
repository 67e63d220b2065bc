package dev.glasshouse.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of many GGUF files is meant: by quantisation, and with all parts of a split file together. */
final class GgufFiles {
    private static final Pattern SPLIT =
            Pattern.compile("(.*)-([0-9]{5})-of-([0-9]{5})\\.gguf", Pattern.CASE_INSENSITIVE);
    private static final List<String> PREFERRED = List.of("Q4_K_M", "Q8_0");
    private static final int MOST_PARTS = 1000;

    private GgufFiles() {}

    static boolean isGguf(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /** GGUF files that are no language model by themselves: projectors, importance matrices, draft heads. */
    private static boolean isSidecar(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.startsWith("mmproj")
                || name.contains("-mmproj")
                || name.contains("imatrix")
                || name.startsWith("mtp-");
    }

    /** Whether a file name carries a quantisation type as a word of its own: {@code x-Q4_K_M.gguf} has Q4_K_M, not Q4_K. */
    static boolean isOfType(String path, String type) {
        String stem = path.substring(path.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
        String wanted = type.toUpperCase(Locale.ROOT);
        for (int at = stem.indexOf(wanted); at >= 0; at = stem.indexOf(wanted, at + 1)) {
            boolean begins = at == 0 || "-.".indexOf(stem.charAt(at - 1)) >= 0;
            int end = at + wanted.length();
            if (begins && end < stem.length() && "-.".indexOf(stem.charAt(end)) >= 0) return true;
        }
        return false;
    }

    /**
     * The paths of the file to fetch, all parts when it is split; empty when there is none.
     *
     * @param choice a quantisation type or a file's path or name; empty takes Q4_K_M, else Q8_0, else the first
     */
    static List<String> choose(List<String> paths, Optional<String> choice) {
        List<List<String>> models = models(paths);
        if (choice.isPresent()) {
            String wanted = choice.get();
            return models.stream()
                    .filter(m -> isGguf(wanted) ? names(m.getFirst(), wanted) : isOfType(m.getFirst(), wanted))
                    .findFirst()
                    .orElse(List.of());
        }
        for (String type : PREFERRED) {
            for (List<String> model : models) {
                if (isOfType(model.getFirst(), type)) return model;
            }
        }
        return models.isEmpty() ? List.of() : models.getFirst();
    }

    private static boolean names(String path, String wanted) {
        return path.equals(wanted) || path.substring(path.lastIndexOf('/') + 1).equals(wanted);
    }

    /** The models among the paths, in alphabetical order; a split one is the list of its parts if none is missing. */
    static List<List<String>> models(List<String> paths) {
        TreeMap<String, List<String>> models = new TreeMap<>();
        for (String path : paths) {
            if (!isGguf(path) || isSidecar(path)) continue;
            Matcher split = SPLIT.matcher(path);
            String key = split.matches() ? split.group(1) + "-of-" + split.group(3) : path;
            models.computeIfAbsent(key, k -> new ArrayList<>()).add(path);
        }
        List<List<String>> sound = new ArrayList<>();
        for (List<String> parts : models.values()) {
            parts.sort(Comparator.naturalOrder());
            if (complete(parts)) sound.add(List.copyOf(parts));
        }
        return sound;
    }

    private static boolean complete(List<String> parts) {
        Matcher first = SPLIT.matcher(parts.getFirst());
        if (!first.matches()) return true;
        int count = Integer.parseInt(first.group(3));
        if (count != parts.size() || count > MOST_PARTS) return false;
        for (int i = 0; i < count; i++) {
            Matcher part = SPLIT.matcher(parts.get(i));
            if (!part.matches() || Integer.parseInt(part.group(2)) != i + 1) return false;
        }
        return true;
    }
}
