package com.customerledger.command.idempotency;

import com.customerledger.events.command.Answer;
import com.customerledger.events.command.Command;
import com.customerledger.events.command.Idempotency;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps the first answer to each request that has an idempotency key, in the transaction of its events, and gives it
 * again for {@value #HOURS_KEPT} hours. Of two requests with one key the second waits for the first, as long as the
 * connection's lock timeout lets it. Thread-safe.
 */
public final class IdempotencyKeys {

    static final int HOURS_KEPT = 24;

    /** How many expired keys are removed by one statement. */
    static final int REMOVED_AT_ONCE_MAX = 1_000;

    // Two keys with the same hash only wait for each other.
    private static final String LOCK = """
            SELECT pg_advisory_xact_lock(hashtextextended(?, 7470))
            """;

    private static final String FIND = """
            SELECT request, answer
              FROM ledger.idempotency_keys
             WHERE merchant_id = ? AND idempotency_key = ? AND stored_at > now() - interval '%d hours'
            """.formatted(HOURS_KEPT);

    private static final String STORE = """
            INSERT INTO ledger.idempotency_keys AS kept (merchant_id, idempotency_key, request, answer)
            VALUES (?, ?, ?, ?)
                ON CONFLICT (merchant_id, idempotency_key) DO UPDATE
               SET request = excluded.request, answer = excluded.answer, stored_at = excluded.stored_at
            """;

    private static final String REMOVE_EXPIRED = """
            DELETE FROM ledger.idempotency_keys
             WHERE ctid = ANY (ARRAY(SELECT ctid
                                       FROM ledger.idempotency_keys
                                      WHERE stored_at <= now() - interval '%d hours'
                                      ORDER BY stored_at
                                      LIMIT %d
                                        FOR UPDATE SKIP LOCKED))
            """.formatted(HOURS_KEPT, REMOVED_AT_ONCE_MAX);

    private static final class Stored {

        private final String request;
        private final byte[] answer;

        Stored(String request, byte[] answer) {
            this.request = request;
            this.answer = answer;
        }
    }

    private final JdbcTemplate jdbc;
    private final TransactionTemplate ownTransaction;

    /**
     * Keeps keys in the database of the write side's transactions.
     *
     * @param jdbc on the data source of the transactions
     */
    public IdempotencyKeys(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.ownTransaction = new TransactionTemplate(transactions);
    }

    /**
     * The answer to a command in the current transaction: the stored one of an earlier request with its key, or that of
     * the work, which is then stored.
     *
     * @throws RefusedException when the key belongs to another request, or to one that is still being carried out
     */
    public Answer answer(Command command, Supplier<byte[]> work) {
        Idempotency request = command.idempotency();
        if (request == null) {
            return new Answer(work.get(), false);
        }
        String merchant = command.caller().merchantId();
        lock(merchant, request.key());
        List<Stored> found = jdbc.query(
                FIND, (row, index) -> new Stored(row.getString(1), row.getBytes(2)), merchant, request.key());
        if (found.isEmpty()) {
            byte[] body = work.get();
            jdbc.update(STORE, merchant, request.key(), request.request(), body);
            return new Answer(body, false);
        }
        Stored stored = found.get(0);
        if (!stored.request.equals(request.request())) {
            throw conflict("The idempotency key was used for another request");
        }
        return new Answer(stored.answer, true);
    }

    private void lock(String merchant, String key) {
        try {
            jdbc.query(LOCK, row -> {}, merchant + ' ' + key);
        } catch (CannotAcquireLockException e) {
            throw conflict("A request with this idempotency key is still being carried out");
        }
    }

    private static RefusedException conflict(String message) {
        return new RefusedException(Refusal.of(ErrorCode.CONFLICT, message));
    }

    /**
     * Removes some keys that have expired, in a transaction of its own.
     *
     * @return how many; when it is {@value #REMOVED_AT_ONCE_MAX} there may be more
     */
    public int removeExpired() {
        return Objects.requireNonNull(ownTransaction.execute(status -> jdbc.update(REMOVE_EXPIRED)));
    }
}
