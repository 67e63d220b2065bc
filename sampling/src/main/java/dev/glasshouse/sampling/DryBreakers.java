package dev.glasshouse.sampling;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The texts that end a repetition for {@link DryStage}, as tokens: a <em>head</em> token together with the <em>tail</em>
 * tokens that must follow it. A token that holds the whole text is a head with an empty tail; one that ends with the
 * text's beginning has the tokens of its rest as tail.
 */
public final class DryBreakers {
    /** No breakers. */
    public static final DryBreakers NONE = new DryBreakers(List.of(), new TreeMap<>());

    private static final int MAX_TEXT_BYTES = 40;
    private static final int MAX_TAIL = 20;

    private final List<String> texts;
    private final SortedMap<Integer, List<int[]>> tails;

    private DryBreakers(List<String> texts, SortedMap<Integer, List<int[]>> tails) {
        this.texts = List.copyOf(texts);
        this.tails = tails;
    }

    /**
     * Finds the tokens of the breakers.
     *
     * @param texts the breakers; empty ones are left out, only the first 40 bytes count
     * @param vocabulary number of tokens
     * @param bytes the bytes of a token's text
     * @param tokenize the ids of a text, without specials added or parsed
     */
    public static DryBreakers of(
            List<String> texts, int vocabulary, IntFunction<byte[]> bytes, Function<String, int[]> tokenize) {
        SortedMap<Integer, List<int[]>> tails = new TreeMap<>();
        for (String text : texts) {
            byte[] all = text.getBytes(StandardCharsets.UTF_8);
            byte[] breaker = Arrays.copyOf(all, Math.min(all.length, MAX_TEXT_BYTES));
            for (int id = 0; id < vocabulary && breaker.length > 0; id++) {
                addToken(tails, id, bytes.apply(id), breaker, tokenize);
            }
        }
        return new DryBreakers(texts, tails);
    }

    private static void addToken(
            SortedMap<Integer, List<int[]>> tails,
            int id,
            byte[] word,
            byte[] breaker,
            Function<String, int[]> tokenize) {
        for (int start = 0; start + breaker.length <= word.length; start++) {
            if (matched(word, start, breaker) == breaker.length) {
                tails.computeIfAbsent(id, key -> new ArrayList<>()).add(new int[0]);
                return;
            }
        }
        for (int start = Math.max(0, word.length - breaker.length + 1); start < word.length; start++) {
            int matched = matched(word, start, breaker);
            if (start + matched == word.length && matched > 0) {
                String rest = new String(breaker, matched, breaker.length - matched, StandardCharsets.UTF_8);
                int[] ids = tokenize.apply(rest);
                int[] tail = Arrays.copyOf(ids, Math.min(ids.length, MAX_TAIL));
                List<int[]> known = tails.computeIfAbsent(id, key -> new ArrayList<>());
                if (known.stream().noneMatch(other -> Arrays.equals(other, tail))) {
                    known.add(tail);
                }
            }
        }
    }

    /** How many bytes of the breaker stand in the word from {@code start} on. */
    private static int matched(byte[] word, int start, byte[] breaker) {
        int n = 0;
        while (n < breaker.length && start + n < word.length && word[start + n] == breaker[n]) {
            n++;
        }
        return n;
    }

    /** The texts given. */
    public List<String> texts() {
        return texts;
    }

    /** Whether the token alone is a breaker. */
    boolean isBreaker(int id) {
        for (int[] tail : tails.getOrDefault(id, Collections.emptyList())) {
            if (tail.length == 0) {
                return true;
            }
        }
        return false;
    }

    /** How many tokens stand after the last breaker; all of them if there is none. {@code back[0]} is the newest token. */
    int distance(int[] back) {
        for (int i = 0; i < back.length; i++) {
            int longest = -1;
            for (int[] tail : tails.getOrDefault(back[i], Collections.emptyList())) {
                if (tail.length > longest && tail.length <= i && follows(back, i, tail)) {
                    longest = tail.length;
                }
            }
            if (longest >= 0) {
                return i - longest;
            }
        }
        return back.length;
    }

    private static boolean follows(int[] back, int head, int[] tail) {
        for (int k = 0; k < tail.length; k++) {
            if (tail[k] != back[head - k - 1]) {
                return false;
            }
        }
        return true;
    }
}
