package dev.glasshouse.sampling;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values by parameter name, in the given order. */
final class Parameters {
    private Parameters() {}

    /** @param pairs parameter, value, parameter, value, … */
    static Map<String, Object> of(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(((Parameter<?>) pairs[i]).name(), pairs[i + 1]);
        }
        return Collections.unmodifiableMap(map);
    }
}
