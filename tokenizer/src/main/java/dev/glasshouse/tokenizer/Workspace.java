package dev.glasshouse.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The memory of one call to encode: a doubly linked list of symbols and a heap of the merges that are possible.
 *
 * <p>A heap entry is {@code priority << 32 | left symbol}: the smallest priority first and, among equals, the leftmost. Entries are not
 * removed when a neighbour merges; the one who pops them checks that they still hold.
 */
final class Workspace {
    int[] id = new int[32];
    int[] start = new int[32];
    int[] end = new int[32];
    int[] previous = new int[32];
    int[] next = new int[32];
    int symbols;

    /** For stretches that an unused entry covers, {@code start << 32 | end}, where the two that merged into it meet. */
    final Map<Long, Integer> seams = new HashMap<>();

    private long[] heap = new long[64];
    private int heapSize;

    void clear() {
        symbols = 0;
        heapSize = 0;
        if (!seams.isEmpty()) {
            seams.clear();
        }
    }

    void symbol(int symbolId, int from, int to) {
        if (symbols == id.length) {
            int capacity = Math.multiplyExact(symbols, 2);
            id = Arrays.copyOf(id, capacity);
            start = Arrays.copyOf(start, capacity);
            end = Arrays.copyOf(end, capacity);
            previous = Arrays.copyOf(previous, capacity);
            next = Arrays.copyOf(next, capacity);
        }
        id[symbols] = symbolId;
        start[symbols] = from;
        end[symbols] = to;
        previous[symbols] = symbols - 1;
        next[symbols] = symbols + 1;
        symbols++;
    }

    boolean heapIsEmpty() {
        return heapSize == 0;
    }

    void push(long entry) {
        if (heapSize == heap.length) {
            heap = Arrays.copyOf(heap, Math.multiplyExact(heapSize, 2));
        }
        int at = heapSize++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (heap[parent] <= entry) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = entry;
    }

    long pop() {
        long top = heap[0];
        long last = heap[--heapSize];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= last) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return top;
    }
}
