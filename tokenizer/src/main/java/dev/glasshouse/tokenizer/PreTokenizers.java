package dev.glasshouse.tokenizer;

import dev.glasshouse.weights.GlassException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pre-tokenisers by the names that GGUF files give them in {@code tokenizer.ggml.pre}. The names and what else they imply are
 * llama.cpp's (llama-vocab.cpp); where llama.cpp bends a pattern to what its regex engine can do, the pattern here is the original of the
 * model's tokenizer.json.
 */
final class PreTokenizers {
    /**
     * What a name implies.
     *
     * @param ignoreMerges whether a word that is an entry is taken whole
     * @param addBos whether a text begins with BOS unless the file says otherwise
     * @param sentencePieceSpaces whether spaces become U+2581 and symbols are characters, not bytes (Gemma 4)
     */
    record Profile(PreTokenizer splitter, boolean ignoreMerges, boolean addBos, boolean sentencePieceSpaces) {
        Profile(PreTokenizer splitter) {
            this(splitter, false, false, false);
        }
    }

    private static final String CONTRACTIONS = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private static final String GPT2_BASE =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)";
    private static final String DEEPSEEK_CJK = "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+";
    private static final String DEEPSEEK_MAIN =
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|"
                    + " ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private PreTokenizers() {}

    /** @throws GlassException for a name that is not known */
    static Profile byName(String name) {
        return switch (name) {
            case "llama3",
                    "llama-v3",
                    "llama-bpe",
                    "falcon3",
                    "falcon-h1",
                    "pixtral",
                    "midm-2.0",
                    "lfm2",
                    "jina-v5-nano" -> new Profile(new Scanner.Cl100k(3, false), true, true, false);
            case "dbrx", "smaug-bpe", "glm4", "chatglm-bpe" -> new Profile(new Scanner.Cl100k(3, false));
            case "qwen2",
                    "deepseek-r1-qwen",
                    "kormo",
                    "f2llmv2",
                    "stablelm2",
                    "hunyuan",
                    "solar-open",
                    "megrez",
                    "grok-2" -> new Profile(new Scanner.Cl100k(1, false));
            case "qwen35" -> new Profile(new Scanner.Cl100k(1, true));
            case "gpt-2",
                    "phi-2",
                    "jina-es",
                    "jina-de",
                    "gigachat",
                    "jina-v2-es",
                    "jina-v2-de",
                    "a.x-4.0",
                    "mellum",
                    "modern-bert",
                    "jina-v1-en",
                    "jina-v2-code",
                    "roberta-bpe",
                    "mpt",
                    "olmo",
                    "jais",
                    "trillion",
                    "granite-docling",
                    "exaone4" -> new Profile(new Scanner.Gpt2());
            case "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2" ->
                new Profile(sequence(digits(), new Scanner.Gpt2()));
            case "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2" -> new Profile(new Scanner.O200k(3, true));
            case "granite-embed-multi-97m" -> new Profile(new Scanner.O200k(3, true), true, false, false);
            case "tekken" -> new Profile(new Scanner.O200k(1, false), true, true, false);
            case "tiny_aya", "cohere2moe" -> new Profile(sequence(thousands(true), new Scanner.O200k(3, true)));
            case "gemma4", "granite-embed-multi-311m" -> new Profile(regex("[^\\n]+|[\\n]+"), false, true, true);
            case "sarvam-moe" -> new Profile(regex("[^\\n]+|[\\n]+"), false, false, true);
            case "deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4" ->
                new Profile(sequence(regex("\\p{N}{1,3}"), regex(DEEPSEEK_CJK), regex(DEEPSEEK_MAIN)));
            case "minicpm5" ->
                new Profile(
                        sequence(regex("\\p{N}{1,3}"), new Scanner.Cl100k(Integer.MAX_VALUE, false)),
                        true,
                        false,
                        false);
            default -> exotic(name);
        };
    }

    private static Profile exotic(String name) {
        return switch (name) {
            case "", "default" ->
                new Profile(sequence(
                        regex("[\\p{P}\\$\\+<=>\\^~\\|]+"),
                        regex(GPT2_BASE),
                        regex("\\p{N}+"),
                        regex("[0-9][0-9][0-9]")));
            case "deepseek-llm" ->
                new Profile(sequence(
                        regex("[\\r\\n]"),
                        regex("\\s?[" + DEEPSEEK_LETTERS + "]+"),
                        regex("\\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+"),
                        trailingSpaces(),
                        regex("[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"),
                        regex("\\p{N}+")));
            case "deepseek-coder" ->
                new Profile(sequence(
                        regex("[\\r\\n]"),
                        regex("\\s?\\p{L}+"),
                        regex("\\s?\\p{P}+"),
                        regex("[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+"),
                        regex("\\p{N}")));
            case "spark2_5" ->
                new Profile(sequence(
                        regex("\\p{N}{1,3}"),
                        regex(DEEPSEEK_CJK),
                        regex(
                                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|"
                                        + "[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+|[\\r\\n]|\\s+(?!\\S)|\\s+"),
                        regex("\\p{N}")));
            case "youtu" ->
                new Profile(
                        sequence(
                                regex(
                                        "[\uac00-\ud7a3\u3131-\u318e]+|[\uff01\u2026\u201c\u201d\u2018\u2019\u2014\uff1a\uff1b\uff0c\u3001-\u303f\ufe30-\ufe4f]+|[\u3105-\u312f]+|[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"),
                                new Scanner.O200k(1, true)),
                        true,
                        false,
                        false);
            case "falcon" ->
                new Profile(sequence(regex("[\\p{P}\\$\\+<=>\\^~\\|`]+"), regex(GPT2_BASE), regex("[0-9][0-9][0-9]")));
            case "poro-chat", "bloom", "gpt3-finnish" ->
                new Profile(regex(" ?[^(\\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+"));
            case "viking" ->
                new Profile(
                        sequence(regex(" ?[^(\\s|.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c)]+"), regex("\\p{N}")));
            case "jais-2" ->
                new Profile(regex(CONTRACTIONS
                        + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+"
                        + "|\\s{512}(?!\\S)|\\s{256}(?!\\S)|\\s{128}(?!\\S)|\\s{64}(?!\\S)|\\s{32}(?!\\S)|\\s{16}(?!\\S)"
                        + "|\\s{8}(?!\\S)|\\s{4}(?!\\S)|\\s{1,2}(?!\\S)|\\s{1}"));
            case "chameleon" ->
                new Profile(
                        sequence(
                                regex("<sentinel:[0-9]+>"),
                                regex("(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z"),
                                regex("([\\t\\n]|    |  )"),
                                regex("\\p{N}"),
                                regex("[\\p{P}!-/:-@\\[-`{-~]"),
                                regex(GPT2_BASE)),
                        false,
                        true,
                        false);
            case "superbpe" -> new Profile(sequence(regex("\\p{N}+"), thousands(false)));
            case "bailingmoe", "bailingmoe2", "llada-moe" ->
                new Profile(regex("'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}|"
                        + " ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"));
            case "seed-coder" ->
                new Profile(regex(CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|"
                        + "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"));
            case "ufakzeka" ->
                new Profile(regex("[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|"
                        + "\\s+(?!\\S)|\\s+"));
            case "laguna" -> new Profile(sequence(regex("[^\\n]+|[\\n]+"), new Scanner.Cl100k(1, false)));
            case "exaone-moe" ->
                new Profile(
                        regex(CONTRACTIONS + "|[^\\r\\n\\p{L}\\p{N}]?(?:\\p{L}\\p{M}*+(?: \\p{L}\\p{M}*+)*+)++|\\p{N}|"
                                + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]?|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+"));
            case "kimi-k2" -> new Profile(regex(KIMI));
            default ->
                throw new GlassException("The pre-tokeniser \"" + name
                        + "\" (key tokenizer.ggml.pre) is not known. Its text would be cut wrongly, so the model is refused;"
                        + " a newer version of this program may know it.");
        };
    }

    private static final String DEEPSEEK_LETTERS = ""
            + "A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-\u02af\u0370-"
            + "\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03f5\u03f7-"
            + "\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf"
            + "\u1d00-\u1d2b\u1d6b-\u1d77\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-"
            + "\u1f57\u1f59\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc"
            + "\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107\u210a-\u2113\u2115"
            + "\u2119-\u211d\u2124\u2126\u2128\u212a-\u212d\u212f-\u2134\u2139\u213c-\u213f\u2145-\u2149\u214e"
            + "\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee\u2cf2\u2cf3\ua640-\ua66d\ua680-\ua69b\ua722-"
            + "\ua76f\ua771-\ua787\ua78b-\ua78e\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a"
            + "\ud801\udc00-\ud801\udc4f\ud801\udcb0-\ud801\udcd3\ud801\udcd8-\ud801\udcfb\ud803\udc80-\ud803\udcb2"
            + "\ud803\udcc0-\ud803\udcf2\ud806\udca0-\ud806\udcdf\ud83a\udd00-\ud83a\udd43";

    private static final String KIMI_UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{IsHan}]]";
    private static final String KIMI_LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}&&[^\\p{IsHan}]]";
    private static final String KIMI =
            "[\\p{IsHan}]+|[^\\r\\n\\p{L}\\p{N}]?" + KIMI_UPPER + "*" + KIMI_LOWER + "+" + CONTRACTIONS
                    + "?|[^\\r\\n\\p{L}\\p{N}]?" + KIMI_UPPER + "+" + KIMI_LOWER + "*" + CONTRACTIONS
                    + "?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

    private static PreTokenizer sequence(PreTokenizer... members) {
        return PreTokenizer.sequence(new ArrayList<>(List.of(members)));
    }

    private static PreTokenizer regex(String pattern) {
        return RegexSplitter.isolated(pattern);
    }

    /** {@code \p{N}}, each on its own. */
    static PreTokenizer digits() {
        return new Scanner() {
            @Override
            int next(char[] text, int at, int to) {
                boolean number = (classAt(text, at, to) & UnicodeClasses.NUMBER) != 0;
                return number ? at + width(text, at, to) : run(text, at, to, ~UnicodeClasses.NUMBER);
            }
        };
    }

    /** Runs of characters of the given classes, and what lies between them. */
    static PreTokenizer runs(int classes) {
        return new Scanner() {
            @Override
            int next(char[] text, int at, int to) {
                boolean inside = (classAt(text, at, to) & classes) != 0;
                return run(text, at, to, inside ? classes : ~classes);
            }
        };
    }

    /** Each punctuation character (category P, and ASCII's symbols) on its own. */
    static PreTokenizer punctuation() {
        return new Scanner() {
            @Override
            int next(char[] text, int at, int to) {
                int end = at;
                while (end < to) {
                    int codePoint = codePoint(text, end, to);
                    boolean asciiSymbol = codePoint < 128 && UnicodeClasses.of(codePoint) == UnicodeClasses.SYMBOL;
                    if (asciiSymbol || UnicodeClasses.of(codePoint) == UnicodeClasses.PUNCTUATION) {
                        return end == at ? at + width(text, at, to) : end;
                    }
                    end += width(text, end, to);
                }
                return end;
            }
        };
    }

    /**
     * Digits in groups of three counted from the right: {@code \d{1,3}(?=(?:\d{3})*\b)}, or {@code (?=(\d{3})+(?!\d))} if
     * what follows the number does not matter.
     */
    static PreTokenizer thousands(boolean wordEnd) {
        return (text, from, to, pieces) -> {
            int word = UnicodeClasses.LETTER | UnicodeClasses.DIGIT | UnicodeClasses.MARK;
            int open = from;
            for (int at = from; at < to; ) {
                int end = Scanner.run(text, at, to, UnicodeClasses.DIGIT);
                boolean inWord = end < to && (text[end] == '_' || (Scanner.classAt(text, end, to) & word) != 0);
                if (end == at) {
                    at = Scanner.run(text, at, to, ~UnicodeClasses.DIGIT);
                } else if (wordEnd && inWord) {
                    at = end;
                } else {
                    PreTokenizer.WHOLE.split(text, open, at, pieces);
                    int digits = Character.codePointCount(text, at, end - at);
                    for (int group = digits % 3 == 0 ? 3 : digits % 3; at < end; group = 3) {
                        int next = Scanner.run(text, at, end, UnicodeClasses.DIGIT, group);
                        pieces.add(at, next);
                        at = next;
                    }
                    open = at;
                }
            }
            PreTokenizer.WHOLE.split(text, open, to, pieces);
        };
    }

    /** {@code \s+$}: white space at the end, apart from the rest. */
    static PreTokenizer trailingSpaces() {
        return (text, from, to, pieces) -> {
            int end = to;
            while (end > from && UnicodeClasses.of(text[end - 1]) == UnicodeClasses.SPACE) {
                end--;
            }
            PreTokenizer.WHOLE.split(text, from, end, pieces);
            PreTokenizer.WHOLE.split(text, end, to, pieces);
        };
    }
}
