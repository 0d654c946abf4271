package com.customerledger.gateway.http.request;

import com.customerledger.events.UnavailableException;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds how many bytes the bodies of all requests have together. Thread-safe. */
final class BodyMemory {

    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    BodyMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** A share of nothing yet. */
    Share share() {
        return new Share();
    }

    /** What one request has taken. Of one thread. */
    final class Share implements AutoCloseable {

        private long bytes;

        /**
         * Takes more.
         *
         * @throws UnavailableException where no more is left; what was taken before stays taken
         */
        void take(long more) {
            if (taken.addAndGet(more) > bytesMax) {
                taken.addAndGet(-more);
                throw new UnavailableException("The memory for request bodies is used up", null);
            }
            bytes += more;
        }

        @Override
        public void close() {
            taken.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
