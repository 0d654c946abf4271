package com.customerledger.events.audit;

import com.customerledger.events.database.LedgerDatabase;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask of views, for commands; found as a service. Every method throws an
 * {@link com.customerledger.events.UnavailableException} when the database can't answer, and an
 * {@link IllegalArgumentException} for a view that there is not and for a database without a ledger. Thread-safe.
 */
public interface ViewAudit {

    /**
     * What one generation says that it did with the events.
     *
     * @param view its view's name
     * @param generation its number
     * @param position how far it has come
     * @param certifiedFrom behind which position it keeps account: 0, unless it is older than these accounts
     * @param findings where that differs from the store, a sentence each; none when no event was skipped or came twice
     */
    record Certificate(
            String view,
            int generation,
            long position,
            long certifiedFrom,
            long applied,
            long notHandled,
            long parked,
            long discarded,
            List<String> findings) {

        public Certificate {
            findings = List.copyOf(findings);
        }
    }

    /**
     * A parked event.
     *
     * @param position its place in the store's order
     * @param type the logical name of its type
     * @param cause why it could not be applied; null for one that waits behind another of the same customer
     * @param attempts how often it was tried
     */
    record Letter(
            long position,
            String customerId,
            @Nullable String merchantId,
            String type,
            @Nullable String cause,
            int attempts,
            Instant parkedAt) {}

    /**
     * What to do with parked events.
     *
     * @param position which one, that of a letter with a cause; null for all of these
     * @param reason why to discard them; null to try them again
     */
    record Request(@Nullable Long position, @Nullable String reason) {

        /** To try all of them again. */
        public static Request retry() {
            return new Request(null, null);
        }

        /** To leave events out for good. */
        public static Request discard(@Nullable Long position, String reason) {
            return new Request(position, reason);
        }
    }

    /**
     * What became of a request.
     *
     * @param asked how many events it was for; when that is 0 there was nothing to do
     * @param discarded how many of them were discarded
     * @param left how many events are parked now, those included that wait
     */
    record Requested(int asked, int discarded, int left) {}

    /**
     * What a view would hold.
     *
     * @param events how many events there were up to the moment
     * @param position the last one's, 0 for none
     */
    record WhatIf(String view, int revision, long events, long position, List<Table> tables) {

        public WhatIf {
            tables = List.copyOf(tables);
        }
    }

    /**
     * One table of a view.
     *
     * @param digest of its rows, whatever their order
     */
    record Table(String name, long rows, String digest) {}

    /**
     * Compares what every generation keeps account of with the store, in one snapshot.
     *
     * @param progress is told the positions that were reached
     */
    List<Certificate> certify(LedgerDatabase database, LongConsumer progress);

    /** The events that are parked in a view's live generation, in the store's order. */
    default List<Letter> letters(LedgerDatabase database, String view) {
        return letters(database, view, null);
    }

    /**
     * The events that are parked in a generation of a view, in the store's order.
     *
     * @param generation its number, or null for the live one
     */
    List<Letter> letters(LedgerDatabase database, String view, @Nullable Integer generation);

    /** Settles parked events of a view's live generation. */
    default Requested ask(LedgerDatabase database, String view, Request request) {
        return ask(database, view, null, request);
    }

    /**
     * Has whoever fills the view retry or discard parked events, and waits for that; what waits behind them is tried again
     * in any case.
     *
     * @param generation the number of the view's generation, or null for the live one
     * @throws IllegalArgumentException when the event at the position is not parked, or only waits
     * @throws IllegalStateException when nobody fills the view now; then it is done as soon as somebody does
     */
    Requested ask(LedgerDatabase database, String view, @Nullable Integer generation, Request request);

    /**
     * Fills a view anew up to a moment, in a transaction that is rolled back.
     *
     * @param asOf the moment, of the past; events of its microsecond are included
     * @param zone the ledger's
     * @param progress is told how many events were read
     * @throws IllegalArgumentException also for a view that can't be made anew
     */
    WhatIf whatIf(LedgerDatabase database, String view, Instant asOf, ZoneId zone, LongConsumer progress);
}
