package dev.glasshouse.network;

import dev.glasshouse.kernels.Matrix;
import dev.glasshouse.kernels.RotaryStyle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Rotary position embedding (Su et al. 2021): pair i of a head is turned by position · frequencies[i].
 *
 * @param style which values make a pair
 * @param frequencies radians a position, one for each pair; scaling is already in them
 * @param amplitude multiplies the turned values (YaRN); 1 otherwise
 */
public record Rotary(RotaryStyle style, List<Double> frequencies, double amplitude) {
    public Rotary {
        frequencies = List.copyOf(frequencies);
    }

    /** The unscaled form: frequencies {@code theta^(−2i/dims)}. */
    public static Rotary of(RotaryStyle style, int dims, double theta) {
        List<Double> frequencies = new ArrayList<>();
        for (int i = 0; i < dims / 2; i++) {
            frequencies.add(StrictMath.pow(theta, -2.0 * i / dims));
        }
        return new Rotary(style, frequencies, 1);
    }

    /** Values of a head that are turned. */
    public int dims() {
        return 2 * frequencies.size();
    }

    /** Linear scaling (Chen et al. 2023): positions are divided by {@code factor}. */
    public Rotary linear(double factor) {
        return dividedBy(Collections.nCopies(frequencies.size(), factor));
    }

    /** Each frequency divided by its own number (GGUF's rope_freqs tensor). */
    public Rotary dividedBy(List<Double> divisors) {
        List<Double> scaled = new ArrayList<>();
        for (int i = 0; i < frequencies.size(); i++) {
            scaled.add(frequencies.get(i) / divisors.get(i));
        }
        return new Rotary(style, scaled, amplitude);
    }

    /**
     * Llama 3.1's scaling: wavelengths over {@code original/low} are stretched by {@code factor}, those under
     * {@code original/high} stay, between them the frequency is interpolated.
     */
    public Rotary llama3(double factor, double low, double high, double original) {
        List<Double> scaled = new ArrayList<>();
        for (double frequency : frequencies) {
            double wavelengths = original * frequency / (2 * Math.PI);
            double smooth = Math.clamp((wavelengths - low) / (high - low), 0, 1);
            scaled.add((1 - smooth) * frequency / factor + smooth * frequency);
        }
        return new Rotary(style, scaled, amplitude);
    }

    /**
     * YaRN (Peng et al. 2023): pairs that turn more than {@code fast} times within {@code original} positions stay,
     * those under {@code slow} times are stretched by {@code factor}, a ramp over the pairs between.
     */
    public Rotary yarn(double theta, double factor, double original, double fast, double slow, double newAmplitude) {
        double low = Math.max(0, Math.floor(pairThatTurns(fast, theta, original)));
        double high = Math.min(dims() - 1, Math.ceil(pairThatTurns(slow, theta, original)));
        double span = Math.max(high - low, 0.001);
        List<Double> scaled = new ArrayList<>();
        for (int i = 0; i < frequencies.size(); i++) {
            double stretch = Math.clamp((i - low) / span, 0, 1);
            double frequency = frequencies.get(i);
            scaled.add(frequency / factor * stretch + frequency * (1 - stretch));
        }
        return new Rotary(style, scaled, newAmplitude);
    }

    /** YaRN's own amplitude for a stretch by {@code factor}. */
    public static double yarnAmplitude(double factor) {
        return factor <= 1 ? 1 : 0.1 * StrictMath.log(factor) + 1;
    }

    /** The turns of rows at these positions: n × dims, cosines then sines, computed in double and rounded. */
    public void turns(int[] positions, Matrix out) {
        int pairs = frequencies.size();
        for (int row = 0; row < positions.length; row++) {
            for (int i = 0; i < pairs; i++) {
                double angle = positions[row] * frequencies.get(i);
                out.set(row, i, (float) (StrictMath.cos(angle) * amplitude));
                out.set(row, pairs + i, (float) (StrictMath.sin(angle) * amplitude));
            }
        }
    }

    private double pairThatTurns(double times, double theta, double original) {
        return dims() * StrictMath.log(original / (times * 2 * Math.PI)) / (2 * StrictMath.log(theta));
    }
}
