package dev.glasshouse.sampling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The stages again, in double and straight from their definitions, slow and of another shape than the real ones. */
final class DoubleReference {
    record Token(int id, double logit) {}

    List<Token> tokens = new ArrayList<>();

    DoubleReference(float[] logits) {
        for (int id = 0; id < logits.length; id++) {
            tokens.add(new Token(id, logits[id]));
        }
    }

    /** Probability by id; masked tokens have 0. */
    Map<Integer, Double> probabilities() {
        double max = tokens.stream().mapToDouble(Token::logit).max().orElseThrow();
        double sum = tokens.stream().mapToDouble(t -> Math.exp(t.logit - max)).sum();
        Map<Integer, Double> map = new HashMap<>();
        tokens.forEach(t -> map.put(t.id, Math.exp(t.logit - max) / sum));
        return map;
    }

    private List<Token> byProbability() {
        return tokens.stream()
                .sorted(Comparator.comparingDouble((Token t) -> -t.logit).thenComparingInt(Token::id))
                .toList();
    }

    void topK(int k) {
        tokens = new ArrayList<>(byProbability().subList(0, Math.min(k, tokens.size())));
    }

    void topP(double p) {
        Map<Integer, Double> probability = probabilities();
        List<Token> kept = new ArrayList<>();
        double sum = 0;
        for (Token token : byProbability()) {
            if (sum < p || kept.isEmpty()) {
                kept.add(token);
                sum += probability.getOrDefault(token.id, 0.0);
            }
        }
        tokens = kept;
    }

    void minP(double p) {
        Map<Integer, Double> probability = probabilities();
        double max = probability.values().stream().mapToDouble(x -> x).max().orElseThrow();
        tokens = new ArrayList<>(tokens.stream()
                .filter(t -> probability.getOrDefault(t.id, 0.0) >= p * max)
                .toList());
    }

    void typical(double p) {
        Map<Integer, Double> probability = probabilities();
        double entropy = probability.values().stream()
                .filter(x -> x > 0)
                .mapToDouble(x -> -x * Math.log(x))
                .sum();
        List<Token> sorted = byProbability().stream()
                .sorted(Comparator.comparingDouble(
                        t -> Math.abs(-Math.log(probability.getOrDefault(t.id, 0.0)) - entropy)))
                .toList();
        List<Token> kept = new ArrayList<>();
        double sum = 0;
        for (Token token : sorted) {
            if (sum <= p) {
                kept.add(token);
                sum += probability.getOrDefault(token.id, 0.0);
            }
        }
        tokens = kept;
    }

    void topNSigma(double n) {
        double[] finite = tokens.stream()
                .mapToDouble(Token::logit)
                .filter(Double::isFinite)
                .toArray();
        double max = java.util.Arrays.stream(finite).max().orElseThrow();
        double mean = java.util.Arrays.stream(finite).average().orElseThrow();
        double variance = java.util.Arrays.stream(finite)
                .map(x -> (x - mean) * (x - mean))
                .average()
                .orElseThrow();
        double least = max - n * Math.sqrt(variance);
        if (tokens.size() > 1) {
            tokens.replaceAll(t -> new Token(t.id, t.logit < least ? Double.NEGATIVE_INFINITY : t.logit));
        }
    }

    void xtc(boolean strikes, double threshold) {
        Map<Integer, Double> probability = probabilities();
        List<Token> sorted = byProbability();
        long above = sorted.stream()
                .filter(t -> probability.getOrDefault(t.id, 0.0) >= threshold)
                .count();
        if (strikes && above > 1) {
            tokens = new ArrayList<>(sorted.subList((int) above - 1, sorted.size()));
        }
    }

    void temperature(double temperature, double range, double exponent) {
        double t = temperature;
        if (range > 0) {
            if (tokens.size() < 2) {
                return;
            }
            double entropy = probabilities().values().stream()
                    .filter(x -> x > 0)
                    .mapToDouble(x -> -x * Math.log(x))
                    .sum();
            double least = Math.max(0, temperature - range);
            t = least + (temperature + range - least) * Math.pow(entropy / Math.log(tokens.size()), exponent);
        }
        double divisor = t;
        if (divisor > 0) {
            tokens.replaceAll(x -> new Token(x.id, x.logit / divisor));
        } else {
            int best = byProbability().getFirst().id;
            tokens.replaceAll(x -> x.id == best ? x : new Token(x.id, Double.NEGATIVE_INFINITY));
        }
    }

    void penalties(List<Integer> history, int lastN, double repeat, double frequency, double presence) {
        List<Integer> window = history.subList(Math.max(0, history.size() - lastN), history.size());
        tokens.replaceAll(t -> {
            long count = window.stream().filter(id -> id == t.id).count();
            if (count == 0) {
                return t;
            }
            double logit = t.logit > 0 ? t.logit / repeat : t.logit * repeat;
            return new Token(t.id, logit - count * frequency - presence);
        });
    }

    /** For each token: the longest run before it that the end of the history repeats, found by trying all. */
    void dry(List<Integer> history, double multiplier, double base, int allowed, int lastN, DryBreakers breakers) {
        List<Integer> h = history.subList(Math.max(0, history.size() - lastN), history.size());
        int n = h.size();
        int limit = 0;
        while (limit < n && !breakers.isBreaker(h.get(n - 1 - limit))) {
            limit++;
        }
        int furthest = limit;
        tokens.replaceAll(t -> {
            int longest = -1;
            for (int at = 1; at < n; at++) {
                if (h.get(at) == t.id) {
                    int run = 0;
                    while (run < at && run < furthest && h.get(at - 1 - run).equals(h.get(n - 1 - run))) {
                        run++;
                    }
                    longest = Math.max(longest, run);
                }
            }
            boolean penalised = n > allowed && furthest >= allowed && longest >= allowed && !breakers.isBreaker(t.id);
            return penalised ? new Token(t.id, t.logit - multiplier * Math.pow(base, longest - allowed)) : t;
        });
    }
}
