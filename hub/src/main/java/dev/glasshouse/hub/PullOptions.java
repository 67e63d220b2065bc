package dev.glasshouse.hub;

/**
 * @param acceptLicence the user accepts the licence shown in the plan (asked once, or {@code --accept-license})
 * @param repair a file whose hash was wrong is fetched again piece by piece, keeping what is right
 */
public record PullOptions(boolean acceptLicence, boolean repair) {
    /** Neither. */
    public static final PullOptions DEFAULT = new PullOptions(false, false);
}
