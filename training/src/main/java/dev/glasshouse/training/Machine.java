package dev.glasshouse.training;

import dev.glasshouse.kernels.Kernels;
import dev.glasshouse.weights.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Where a training ran: recorded, never compared. */
final class Machine {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    private Machine() {}

    static Json.ObjectValue describe(long step, Kernels kernels, int microBatch) {
        return Json.object()
                .put("from_step", step)
                .put("program", program())
                .put("commit", property("glasshouse.commit"))
                .put("java", property("java.vm.version"))
                .put("vendor", property("java.vendor"))
                .put("os", property("os.name") + " " + property("os.version") + " " + property("os.arch"))
                .put("processor", processor())
                .put("kernels", kernels.name())
                .put("threads", kernels.threads())
                .put("micro_batch", microBatch)
                .build();
    }

    private static String program() {
        Package here = Machine.class.getPackage();
        String version = here == null ? null : here.getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    private static String processor() {
        try {
            if (Files.isReadable(CPUINFO)) {
                for (String line : Files.readAllLines(CPUINFO, StandardCharsets.ISO_8859_1)) {
                    if (line.toLowerCase(Locale.ROOT).startsWith("model name")) {
                        return line.substring(line.indexOf(':') + 1).strip();
                    }
                }
            }
        } catch (IOException e) {
            return "unknown";
        }
        return "unknown";
    }
}
