package dev.glasshouse.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What keeps this JVM from running fast, so that nothing runs slowly in silence. Answers are the same with or without;
 * a check takes well under a millisecond and loads no management classes.
 */
public final class JvmHealth {
    /** Below it a multiplication with one rounding is done by the processor; without that, by BigDecimal. */
    private static final long SLOW_FMA_NANOS = 30_000;

    private static final Runtime.Version FLOOR = Runtime.Version.parse("25.0.3");
    private static final Pattern STOP_LEVEL = Pattern.compile("-XX:TieredStopAtLevel=(\\d+)");

    /**
     * One thing that is wrong.
     *
     * @param what the fact, as a clause without a full stop: "this JVM only interprets"
     * @param cost what it costs, likewise
     * @param remedy what to do about it, likewise
     */
    public record Finding(String what, String cost, String remedy) {
        /** All three in a line. */
        public String text() {
            return what + ": " + cost + ". Remedy: " + remedy + ".";
        }
    }

    /** The facts that findings follow from. */
    record Facts(
            Runtime.Version version,
            String machineName,
            String machineInfo,
            List<String> options,
            boolean vectorModule,
            boolean fastFma) {}

    private JvmHealth() {}

    /** Everything that is wrong here, the costliest first; empty if nothing is. */
    public static List<Finding> check() {
        return findings(new Facts(
                Runtime.version(),
                System.getProperty("java.vm.name", ""),
                System.getProperty("java.vm.info", ""),
                options(),
                vectorModule(),
                fastFma()));
    }

    static List<Finding> findings(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        if (!facts.fastFma()) {
            findings.add(new Finding(
                    "the processor has no fused multiply-add, or it is switched off",
                    "Java computes it with BigDecimal, hundreds of times slower, and no model is usable",
                    "use a processor with FMA (x86-64-v3, any 64-bit ARM), let the virtual machine pass it through, and"
                            + " start Java without -XX:-UseFMA"));
        }
        compiler(facts).ifPresent(findings::add);
        if (!facts.vectorModule()) {
            findings.add(new Finding(
                    "the module jdk.incubator.vector is missing",
                    "the scalar kernels give the same answers about ten times slower",
                    "start Java with --add-modules jdk.incubator.vector"));
        }
        if (facts.version().compareToIgnoreOptional(FLOOR) < 0) {
            findings.add(new Finding(
                    "this is Java " + facts.version(),
                    "releases of 25 before 25.0.3 can corrupt arrays that native code holds, hence answers",
                    "install JDK 25.0.3 or newer"));
        }
        return findings;
    }

    private static Optional<Finding> compiler(Facts facts) {
        if (facts.machineInfo().contains("interpreted")) {
            return Optional.of(new Finding(
                    "this JVM only interprets",
                    "everything is about a hundred times slower",
                    "start Java without -Xint"));
        }
        String level = "";
        for (String option : facts.options()) {
            Matcher matcher = STOP_LEVEL.matcher(option);
            while (matcher.find()) {
                level = matcher.group(1);
            }
        }
        boolean quick = facts.machineInfo().contains("emulated-client");
        if (quick || level.matches("[0-3]")) {
            return Optional.of(new Finding(
                    "this JVM stops before its optimising compiler",
                    "the vector kernels would be a hundred times slower, the scalar ones several times",
                    "start Java without -XX:TieredStopAtLevel" + (level.isEmpty() ? "" : "=" + level)
                            + " (some development launchers and build tools add it)"));
        }
        String name = facts.machineName();
        if (name.contains("Client") || name.contains("Minimal") || name.contains("Zero")) {
            return Optional.of(new Finding(
                    "this is the " + name + ", which has no optimising compiler",
                    "everything is many times slower",
                    "use a JDK with the server virtual machine"));
        }
        return Optional.empty();
    }

    /** As far as the operating system and the environment show them. */
    private static List<String> options() {
        List<String> options = new ArrayList<>();
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
            options.add(Optional.ofNullable(System.getenv(variable)).orElse(""));
        }
        ProcessHandle.current().info().arguments().ifPresent(arguments -> options.addAll(List.of(arguments)));
        options.add(Optional.ofNullable(System.getenv("_JAVA_OPTIONS")).orElse(""));
        return options;
    }

    private static boolean vectorModule() {
        try {
            Class.forName("jdk.incubator.vector.Vector", false, JvmHealth.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** 32 of them take under a microsecond even interpreted, and a quarter of a millisecond with BigDecimal. */
    private static boolean fastFma() {
        float x = 0;
        for (int attempt = 0; attempt < 5; attempt++) {
            long start = System.nanoTime();
            for (int i = 0; i < 32; i++) {
                x = Math.fma(x, 0.9f, i);
            }
            if (System.nanoTime() - start < SLOW_FMA_NANOS && x > 0) {
                return true;
            }
        }
        return false;
    }
}
