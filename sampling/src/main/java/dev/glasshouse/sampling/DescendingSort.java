package dev.glasshouse.sampling;

/**
 * Sorts triples (key, id, extra) held in three arrays by falling key. The order of <em>equal</em> keys decides which
 * token a seed picks, so it is part of the definition: it is the order that the GNU C++ library's {@code std::sort} and
 * {@code std::partial_sort} leave, since llama.cpp calls those.
 *
 * <ul>
 *   <li>{@code sort}: introsort. While a range has more than 16 elements: the median of its second, middle and last
 *       element is swapped to the front, the rest is partitioned around it without bounds checks, the right part is
 *       sorted by recursion, the left one by the loop; after 2·⌊log₂ n⌋ levels the range is heap-sorted instead. One
 *       insertion sort over everything finishes.
 *   <li>{@code partialSort}: a heap of the first m elements, least key on top; each later element with a greater key
 *       replaces the top; then the heap is unwound.
 * </ul>
 *
 * <p>Musser, "Introspective sorting and selection algorithms" (1997). Keys must not be NaN unless all are.
 */
final class DescendingSort {
    private static final int SMALL = 16;

    private final float[] keys;
    private final int[] ids;
    private final float[] extras;

    DescendingSort(float[] keys, int[] ids, float[] extras) {
        this.keys = keys;
        this.ids = ids;
        this.extras = extras;
    }

    /** Sorts the elements from {@code first} (inclusive) to {@code end} (exclusive). */
    void sort(int first, int end) {
        int length = end - first;
        if (length < 2) {
            return;
        }
        introsort(first, end, 2 * (31 - Integer.numberOfLeadingZeros(length)));
        if (length > SMALL) {
            insertionSort(first, first + SMALL);
            for (int i = first + SMALL; i < end; i++) {
                insert(first, i);
            }
        } else {
            insertionSort(first, end);
        }
    }

    /** Brings the greatest {@code middle − first} elements of the range, sorted, to its front; the rest in some order. */
    void partialSort(int first, int middle, int end) {
        int length = middle - first;
        if (length == 0) {
            return;
        }
        for (int parent = (length - 2) / 2; length >= 2 && parent >= 0; parent--) {
            sift(first, parent, length, keys[first + parent], ids[first + parent], extras[first + parent]);
        }
        for (int i = middle; i < end; i++) {
            if (keys[i] > keys[first]) {
                popTo(first, length, i);
            }
        }
        for (int last = length - 1; last > 0; last--) {
            popTo(first, last, first + last);
        }
    }

    private void introsort(int first, int end, int depth) {
        int last = end;
        int left = depth;
        while (last - first > SMALL) {
            if (left == 0) {
                partialSort(first, last, last);
                return;
            }
            left--;
            medianToFirst(first, first + 1, first + (last - first) / 2, last - 1);
            int cut = partition(first + 1, last, keys[first]);
            introsort(cut, last, left);
            last = cut;
        }
    }

    private void medianToFirst(int target, int a, int b, int c) {
        int median;
        if (keys[a] > keys[b]) {
            median = keys[b] > keys[c] ? b : keys[a] > keys[c] ? c : a;
        } else {
            median = keys[a] > keys[c] ? a : keys[b] > keys[c] ? c : b;
        }
        swap(target, median);
    }

    private int partition(int first, int end, float pivot) {
        int low = first;
        int high = end;
        while (true) {
            while (keys[low] > pivot) {
                low++;
            }
            high--;
            while (pivot > keys[high]) {
                high--;
            }
            if (low >= high) {
                return low;
            }
            swap(low, high);
            low++;
        }
    }

    private void insertionSort(int first, int end) {
        for (int i = first + 1; i < end; i++) {
            insert(first, i);
        }
    }

    /** Moves element i left past all smaller ones; equal ones stay before it. */
    private void insert(int first, int i) {
        float key = keys[i];
        int id = ids[i];
        float extra = extras[i];
        int hole = i;
        while (hole > first && key > keys[hole - 1]) {
            move(hole - 1, hole);
            hole--;
        }
        put(hole, key, id, extra);
    }

    /** Takes the top of the heap of {@code length} elements at {@code first} to {@code target}, whose element goes in. */
    private void popTo(int first, int length, int target) {
        float key = keys[target];
        int id = ids[target];
        float extra = extras[target];
        move(first, target);
        sift(first, 0, length, key, id, extra);
    }

    /** Lets the hole sink to the bottom along the lesser children, then the element rise from there. */
    private void sift(int first, int start, int length, float key, int id, float extra) {
        int hole = start;
        int child = start;
        while (child < (length - 1) / 2) {
            child = 2 * (child + 1);
            if (keys[first + child] > keys[first + child - 1]) {
                child--;
            }
            move(first + child, first + hole);
            hole = child;
        }
        if ((length & 1) == 0 && child == (length - 2) / 2) {
            child = 2 * (child + 1);
            move(first + child - 1, first + hole);
            hole = child - 1;
        }
        int parent = (hole - 1) / 2;
        while (hole > start && keys[first + parent] > key) {
            move(first + parent, first + hole);
            hole = parent;
            parent = (hole - 1) / 2;
        }
        put(first + hole, key, id, extra);
    }

    private void move(int from, int to) {
        put(to, keys[from], ids[from], extras[from]);
    }

    private void put(int at, float key, int id, float extra) {
        keys[at] = key;
        ids[at] = id;
        extras[at] = extra;
    }

    private void swap(int a, int b) {
        float key = keys[a];
        int id = ids[a];
        float extra = extras[a];
        move(b, a);
        put(b, key, id, extra);
    }
}
