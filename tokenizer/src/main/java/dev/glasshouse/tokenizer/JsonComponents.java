package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import dev.glasshouse.weights.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The parts of a {@code tokenizer.json}'s pipeline. */
final class JsonComponents {
    private static final String CL100K_START = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}";
    private static final String CL100K_END = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String QWEN35 =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String O200K_UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String O200K_LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
    private static final String O200K_END = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    /** The ids a post-processor puts around a text. */
    record Ends(OptionalInt bos, OptionalInt eos) {
        static final Ends NONE = new Ends(OptionalInt.empty(), OptionalInt.empty());
    }

    private JsonComponents() {}

    /** Whether the component at a key, or a member of it, is of a type. */
    static boolean mentions(Json.ObjectValue root, String key, String type) {
        return root.object(key).map(component -> mentions(component, type)).orElse(false);
    }

    private static boolean mentions(Json.ObjectValue component, String type) {
        if (type(component).equals(type)) {
            return true;
        }
        return members(component).stream().anyMatch(member -> mentions(member, type));
    }

    private static String type(Json.ObjectValue component) {
        return component.string("type").orElse("");
    }

    private static List<Json.ObjectValue> members(Json.ObjectValue component) {
        List<Json.ObjectValue> members = new ArrayList<>();
        for (String key : List.of("normalizers", "pretokenizers", "decoders", "processors")) {
            for (Json member : component.array(key).orElse(List.of())) {
                if (!(member instanceof Json.ObjectValue object)) {
                    throw new GlassException("A member of the tokenizer.json's " + key + " is not an object.");
                }
                members.add(object);
            }
        }
        return members;
    }

    /** The normaliser, with what a Metaspace or ByteLevel pre-tokeniser changes in the text. */
    static Normalizer normalizer(Json.ObjectValue root) {
        List<Normalizer> all = new ArrayList<>();
        root.object("normalizer").ifPresent(component -> all.add(normalizerOf(component)));
        root.object("pre_tokenizer").ifPresent(component -> textChanges(component, all));
        return Normalizer.sequence(all);
    }

    private static Normalizer normalizerOf(Json.ObjectValue component) {
        String type = type(component);
        return switch (type) {
            case "Sequence" ->
                Normalizer.sequence(members(component).stream()
                        .map(JsonComponents::normalizerOf)
                        .toList());
            case "NFC", "NFD", "NFKC", "NFKD" -> Normalizer.unicode(java.text.Normalizer.Form.valueOf(type));
            case "Prepend" -> Normalizer.prepend(component.string("prepend").orElse(""));
            case "Replace" -> replace(component);
            case "Lowercase" -> (text, first) -> text.toLowerCase(Locale.ROOT);
            case "Strip" -> {
                boolean left = component.bool("strip_left").orElse(true);
                boolean right = component.bool("strip_right").orElse(true);
                yield (text, first) -> {
                    String stripped = left ? text.stripLeading() : text;
                    return right ? stripped.stripTrailing() : stripped;
                };
            }
            case "Precompiled" -> {
                String charsmap = component.string("precompiled_charsmap").orElse("");
                byte[] bytes;
                try {
                    bytes = Base64.getDecoder().decode(charsmap);
                } catch (IllegalArgumentException e) {
                    throw new GlassException("The tokenizer.json's precompiled_charsmap is not base64.", e);
                }
                yield new SentencePieceNormalizer(bytes, false, false, false);
            }
            default ->
                throw new GlassException(
                        "The tokenizer.json uses the normalizer \"" + type + "\", which is not supported.");
        };
    }

    private static Normalizer replace(Json.ObjectValue component) {
        String content = component.string("content").orElse("");
        Json.ObjectValue pattern = component
                .object("pattern")
                .orElseThrow(() -> new GlassException("A Replace normalizer of the tokenizer.json has no pattern."));
        Optional<String> literal = pattern.string("String");
        if (literal.isPresent()) {
            return Normalizer.replace(literal.get(), content);
        }
        String regex = pattern.string("Regex").orElse("");
        if (regex.equals(" {2,}")) {
            // The usual one, without the JDK's regular expressions.
            return (text, first) -> squeeze(text, content);
        }
        Pattern compiled = RegexSplitter.compile(regex);
        return (text, first) -> RegexSplitter.replaceAll(compiled, text, content);
    }

    private static String squeeze(String text, String content) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int end = i;
            while (end < text.length() && text.charAt(end) == ' ') {
                end++;
            }
            if (end - i >= 2) {
                out.append(content);
                i = end;
            } else {
                out.append(text.charAt(i++));
            }
        }
        return out.toString();
    }

    private static void textChanges(Json.ObjectValue component, List<Normalizer> all) {
        switch (type(component)) {
            case "Sequence" -> members(component).forEach(member -> textChanges(member, all));
            case "ByteLevel" -> {
                if (component.bool("add_prefix_space").orElse(true)) {
                    all.add((text, first) -> text.isEmpty() || text.startsWith(" ") ? text : " " + text);
                }
            }
            case "Metaspace" -> {
                String replacement = component.string("replacement").orElse("\u2581");
                boolean legacy = component.bool("add_prefix_space").orElse(true);
                String scheme = component.string("prepend_scheme").orElse(legacy ? "always" : "never");
                all.add((text, first) -> {
                    String replaced = text.replace(" ", replacement);
                    boolean prepend = scheme.equals("always") || (scheme.equals("first") && first);
                    return prepend && !replaced.startsWith(replacement) ? replacement + replaced : replaced;
                });
            }
            default -> {}
        }
    }

    static PreTokenizer preTokenizer(Optional<Json.ObjectValue> component) {
        return component.map(JsonComponents::preTokenizerOf).orElse(PreTokenizer.WHOLE);
    }

    private static PreTokenizer preTokenizerOf(Json.ObjectValue component) {
        String type = type(component);
        return switch (type) {
            case "Sequence" ->
                PreTokenizer.sequence(members(component).stream()
                        .map(JsonComponents::preTokenizerOf)
                        .toList());
            case "ByteLevel" -> component.bool("use_regex").orElse(true) ? new Scanner.Gpt2() : PreTokenizer.WHOLE;
            case "Digits" ->
                component.bool("individual_digits").orElse(false)
                        ? PreTokenizers.digits()
                        : PreTokenizers.runs(UnicodeClasses.NUMBER);
            case "Metaspace" -> {
                String replacement = component.string("replacement").orElse("\u2581");
                yield component.bool("split").orElse(true)
                        ? new RegexSplitter(Pattern.quote(replacement), RegexSplitter.Behavior.MERGED_WITH_NEXT, false)
                        : PreTokenizer.WHOLE;
            }
            case "Punctuation" -> PreTokenizers.punctuation();
            case "Whitespace" -> new RegexSplitter("\\w+|[^\\w\\s]+", RegexSplitter.Behavior.REMOVED, true);
            case "WhitespaceSplit" -> new RegexSplitter("\\s+", RegexSplitter.Behavior.REMOVED, false);
            case "Split" -> split(component);
            default ->
                throw new GlassException(
                        "The tokenizer.json uses the pre-tokenizer \"" + type + "\", which is not supported.");
        };
    }

    private static PreTokenizer split(Json.ObjectValue component) {
        Json.ObjectValue pattern = component
                .object("pattern")
                .orElseThrow(() -> new GlassException("A Split pre-tokenizer of the tokenizer.json has no pattern."));
        boolean invert = component.bool("invert").orElse(false);
        String named = component.string("behavior").orElse("Isolated");
        RegexSplitter.Behavior behavior =
                switch (named) {
                    case "Isolated" -> RegexSplitter.Behavior.ISOLATED;
                    case "Removed" -> RegexSplitter.Behavior.REMOVED;
                    case "MergedWithPrevious" -> RegexSplitter.Behavior.MERGED_WITH_PREVIOUS;
                    case "MergedWithNext" -> RegexSplitter.Behavior.MERGED_WITH_NEXT;
                    case "Contiguous" -> RegexSplitter.Behavior.CONTIGUOUS;
                    default ->
                        throw new GlassException(
                                "The tokenizer.json uses the split behavior \"" + named + "\", which is not known.");
                };
        Optional<String> literal = pattern.string("String");
        if (literal.isPresent()) {
            return new RegexSplitter(Pattern.quote(literal.get()), behavior, invert);
        }
        String regex = pattern.string("Regex").orElse("");
        // Patterns whose alternatives leave nothing out: every match is a piece, whether matches are kept or gaps
        // removed.
        if (behavior == RegexSplitter.Behavior.ISOLATED || (behavior == RegexSplitter.Behavior.REMOVED && invert)) {
            Optional<PreTokenizer> scanner = scanner(regex);
            if (scanner.isPresent()) {
                return scanner.get();
            }
        }
        return new RegexSplitter(regex, behavior, invert);
    }

    /** The hand-written scanner of a pattern. */
    static Optional<PreTokenizer> scanner(String regex) {
        for (int digits : new int[] {1, 3}) {
            String quantifier = digits == 1 ? "" : "{1,3}";
            if (regex.equals(CL100K_START + quantifier + CL100K_END)) {
                return Optional.of(new Scanner.Cl100k(digits, false));
            }
            for (String contraction : List.of("", "(?i:'s|'t|'re|'ve|'m|'ll|'d)?")) {
                String prefix = "[^\\r\\n\\p{L}\\p{N}]?";
                if (regex.equals(
                        prefix + O200K_UPPER + "*" + O200K_LOWER + "+" + contraction + "|" + prefix + O200K_UPPER + "+"
                                + O200K_LOWER + "*" + contraction + "|\\p{N}" + quantifier + "|" + O200K_END)) {
                    return Optional.of(new Scanner.O200k(digits, !contraction.isEmpty()));
                }
            }
        }
        return switch (regex) {
            case QWEN35 -> Optional.of(new Scanner.Cl100k(1, true));
            case "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+" ->
                Optional.of(new Scanner.Gpt2());
            case "\\p{N}" -> Optional.of(PreTokenizers.digits());
            default -> Optional.empty();
        };
    }

    /** Whether decoding removes the space that a text was given at its beginning. */
    static boolean stripsLeadingSpace(Optional<Json.ObjectValue> decoder) {
        if (decoder.isEmpty()) {
            return false;
        }
        Json.ObjectValue component = decoder.get();
        return switch (type(component)) {
            case "Metaspace" ->
                !component.string("prepend_scheme").orElse("always").equals("never")
                        && component.bool("add_prefix_space").orElse(true);
            case "Strip" ->
                component.string("content").orElse("").equals(" ")
                        && component.integer("start").orElse(0) > 0;
            default -> members(component).stream().anyMatch(member -> stripsLeadingSpace(Optional.of(member)));
        };
    }

    /** What a post-processor adds before and after a single text. */
    static Ends ends(Optional<Json.ObjectValue> processor, int size) {
        if (processor.isEmpty()) {
            return Ends.NONE;
        }
        Json.ObjectValue component = processor.get();
        if (type(component).equals("Sequence")) {
            return members(component).stream()
                    .map(member -> ends(Optional.of(member), size))
                    .filter(ends -> !ends.equals(Ends.NONE))
                    .findFirst()
                    .orElse(Ends.NONE);
        }
        List<Json> single = component.array("single").orElse(List.of());
        if (!type(component).equals("TemplateProcessing") || single.isEmpty()) {
            return Ends.NONE;
        }
        return new Ends(
                specialToken(component, single.getFirst(), size), specialToken(component, single.getLast(), size));
    }

    private static OptionalInt specialToken(Json.ObjectValue component, Json item, int size) {
        Optional<String> name = Optional.of(item)
                .filter(Json.ObjectValue.class::isInstance)
                .flatMap(object -> ((Json.ObjectValue) object).object("SpecialToken"))
                .flatMap(token -> token.string("id"));
        if (name.isEmpty()) {
            return OptionalInt.empty();
        }
        List<Json> ids = component
                .object("special_tokens")
                .flatMap(tokens -> tokens.object(name.get()))
                .flatMap(token -> token.array("ids"))
                .orElse(List.of());
        if (ids.size() != 1
                || !(ids.getFirst() instanceof Json.NumberValue id)
                || id.asLong() < 0
                || id.asLong() >= size) {
            throw new GlassException(
                    "The tokenizer.json's special token \"" + name.get() + "\" has no single id in the vocabulary.");
        }
        return OptionalInt.of((int) id.asLong());
    }
}
