package dev.perennial.method.time;

/** How the memory for earlier time steps is shared among them. */
enum MemoryShare {
    /** Everything is kept, whatever the memory. */
    ALL {
        @Override
        long[] quotas(long memory, long[] stored) {
            return stored;
        }
    },
    /** As much of each. */
    EQUAL {
        @Override
        long[] quotas(long memory, long[] stored) {
            return Quotas.equal(memory, stored);
        }
    },
    /** Half for the newest, a quarter for the one before it, and so on. */
    EXPONENTIAL {
        @Override
        long[] quotas(long memory, long[] stored) {
            return Quotas.exponential(memory, stored);
        }
    };

    /** Returns the share of each earlier step, newest first. */
    abstract long[] quotas(long memory, long[] stored);
}
