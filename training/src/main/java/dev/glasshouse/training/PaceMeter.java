package dev.glasshouse.training;

/** How fast steps follow each other; each step weighs a twentieth, so that a slow one does not shake the forecast. */
final class PaceMeter {
    private static final double KEEP = 0.95;

    private long last = System.nanoTime();
    private double seconds;

    TrainingListener.Pace after(TrainingConfig config, long step) {
        long now = System.nanoTime();
        double taken = Math.max(1e-9, (now - last) / 1e9);
        last = now;
        seconds = seconds == 0 ? taken : KEEP * seconds + (1 - KEEP) * taken;
        return new TrainingListener.Pace(config.tokensPerStep() / seconds, seconds * (config.steps() - step));
    }
}
