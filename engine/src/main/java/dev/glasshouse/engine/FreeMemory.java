package dev.glasshouse.engine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How much memory outside the heap can be taken without paging. */
public final class FreeMemory {
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path CGROUP = Path.of("/sys/fs/cgroup");

    private FreeMemory() {}

    /** Bytes; empty where the system does not tell. */
    public static OptionalLong bytes() {
        OptionalLong available = number(MEMINFO, "MemAvailable:");
        if (available.isEmpty()) {
            return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                    ? OptionalLong.of(free(system))
                    : OptionalLong.empty();
        }
        long kibibytes = available.getAsLong();
        return OptionalLong.of(Math.min(kibibytes << 10, container().orElse(Long.MAX_VALUE)));
    }

    /** macOS calls free only what holds nothing at all; half of the memory it can clear at any time. */
    private static long free(OperatingSystemMXBean system) {
        boolean mac = System.getProperty("os.name", "").startsWith("Mac");
        return Math.max(system.getFreeMemorySize(), mac ? system.getTotalMemorySize() / 2 : 0);
    }

    /** What a container's limit leaves: its file cache can be dropped, so it does not count as used. */
    private static OptionalLong container() {
        OptionalLong limit = number(CGROUP.resolve("memory.max"), "");
        OptionalLong used = number(CGROUP.resolve("memory.current"), "");
        if (limit.isEmpty() || used.isEmpty()) {
            return OptionalLong.empty();
        }
        long cache = number(CGROUP.resolve("memory.stat"), "inactive_file").orElse(0);
        return OptionalLong.of(Math.max(0, limit.getAsLong() - used.getAsLong() + cache));
    }

    /** The first number behind a label at the beginning of a line. */
    private static OptionalLong number(Path file, String label) {
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
                String[] words = line.substring(line.startsWith(label) ? label.length() : line.length())
                        .strip()
                        .split("\\s+");
                if (words[0].matches("\\d{1,18}")) {
                    return OptionalLong.of(Long.parseLong(words[0]));
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }
}
