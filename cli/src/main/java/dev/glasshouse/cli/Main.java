package dev.glasshouse.cli;

/** The {@code glass} command. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("glass");
    }
}
