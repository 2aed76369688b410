package dev.perennial.data;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads of a loader: workers that load samples, and one that assembles batches of them. */
final class LoaderThreads implements AutoCloseable {
    private final String name;
    private final ExecutorService workers;
    private volatile boolean closed;
    private @Nullable Thread assembler;

    LoaderThreads(String dataset, int count) {
        this.name = "loader " + dataset;
        this.workers = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name(name + " ", 0).factory());
    }

    void startAssembler(Runnable assembly) {
        assembler = Thread.ofPlatform().daemon().name(name + " batches").start(assembly);
    }

    /** Has a worker do this; after closing, it is dropped or fails at once. */
    <T> Future<T> submit(Callable<T> work) {
        return workers.submit(() -> {
            if (closed) {
                throw new InterruptedException("the loader is closed");
            }
            return work.call();
        });
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        // Workers are never interrupted: that would close the file channels of a data set which others may share.
        workers.shutdown();
        Thread batches = assembler;
        if (batches != null) {
            batches.interrupt();
        }
        boolean interrupted = false;
        while (true) {
            try {
                if (batches != null) {
                    batches.join();
                }
                if (workers.awaitTermination(1, TimeUnit.DAYS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
