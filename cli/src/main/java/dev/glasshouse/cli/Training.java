package dev.glasshouse.cli;

/** What the launcher runs once after a build, so that the JVM can keep the classes and profiles it loads. */
final class Training {
    private Training() {}

    public static void main(String[] args) {
        Main.main(new String[] {"--help"});
    }
}
