package dev.glasshouse.training;

/** Hears of a verification, on the thread that runs it. */
public interface VerifyListener {
    /** Hears nothing and lets all pass. */
    VerifyListener NONE = new VerifyListener() {};

    /** Data is about to be made again, which may take a while. */
    default void making(String what) {}

    /**
     * What repeating the training will take.
     *
     * @param steps to repeat
     * @param tokens in them
     * @param seconds about, from steps that were timed, three at least
     * @param memory bytes outside the heap
     * @param documents of the data that must be made first, which the seconds do not hold; 0 if it is there
     * @param disk bytes of that data
     */
    record Cost(long steps, long tokens, double seconds, long memory, long documents, long disk) {}

    /** The cost is known; nothing was repeated yet. @return whether to go on */
    default boolean cost(Cost cost) {
        return true;
    }

    /** Something was compared and is equal. */
    default void checked(String what) {}

    /** A step was repeated. */
    default void step(long step, long last, double loss) {}
}
