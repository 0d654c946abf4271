package com.customerledger.events.customer;

import com.customerledger.events.CustomerArchived;
import com.customerledger.events.CustomerCreated;
import com.customerledger.events.CustomerRestored;
import com.customerledger.events.CustomerUpdated;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentStarted;
import com.customerledger.events.PaymentStopped;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A customer as its merchant sees it: what its events amount to. Both sides fold events by it, so that
 * they can't differ about what an event means. Immutable.
 *
 * @param id the customer's id
 * @param merchantId whose customer it is
 * @param version 1 at its creation, one more with every event that changes it; payments do not
 * @param createdAt the time of its first event
 * @param updatedAt the time of the newest event after the creating request that changed it, or null
 * @param deletedAt when it was archived, or null where it is not
 * @param values its fields
 */
public record CustomerRecord(
        String id,
        String merchantId,
        int version,
        Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable Instant deletedAt,
        FieldValues values) {

    /** With more characters of metadata a customer is large; all its other fields together hold less. */
    private static final int SMALL_METADATA_MAX = 1_000;

    /** The customer that an event created. */
    public static CustomerRecord of(CustomerCreated event) {
        return new CustomerRecord(
                event.customerId(),
                event.merchantId(),
                1,
                event.at(),
                null,
                null,
                FieldValues.created(event.personal().fields()));
    }

    /** The customer after one more event of it; {@code before} is null for its first, and for no other. */
    public static CustomerRecord after(@Nullable CustomerRecord before, LedgerEvent event) {
        if (event instanceof CustomerCreated created) {
            return of(created);
        }
        if (before == null) {
            throw new IllegalStateException("the first event of " + event.customerId() + " does not create it");
        }
        return before.evolve(event);
    }

    /** The customer after one more event of it. */
    public CustomerRecord evolve(LedgerEvent event) {
        if (event instanceof CustomerUpdated updated) {
            return next(event.at(), deletedAt, values.with(updated.personal().fields()));
        }
        if (event instanceof CustomerArchived archived) {
            FieldValues after =
                    values.with(FieldChanges.none().with(CustomerField.CUSTOMER_STATUS, Lookup.ARCHIVED.id()));
            // Created as archived is one request and two events: the second is no update of the first.
            return archived.atCreation()
                    ? new CustomerRecord(id, merchantId, version + 1, createdAt, null, event.at(), after)
                    : next(event.at(), event.at(), after);
        }
        if (event instanceof CustomerRestored restored) {
            return next(event.at(), null, values.with(restored.personal().fields()));
        }
        if (event instanceof PaymentStarted || event instanceof PaymentStopped) {
            return this;
        }
        throw new IllegalStateException(
                event.getClass().getSimpleName() + " can't follow " + id + " version " + version);
    }

    private CustomerRecord next(Instant at, @Nullable Instant deleted, FieldValues after) {
        return new CustomerRecord(id, merchantId, version + 1, createdAt, at, deleted, after);
    }

    /** Its status, of type {@code customer_status}. */
    public Lookup status() {
        Lookup status = Lookup.find(values.text(CustomerField.CUSTOMER_STATUS), Lookup.Type.CUSTOMER_STATUS);
        if (status == null) {
            throw new IllegalStateException(id + " has no status");
        }
        return status;
    }

    /** Whether it is small enough to be kept in memory among thousands: some kilobytes at the most. */
    public boolean isSmall() {
        return !(values.get(CustomerField.METADATA) instanceof JsonText metadata
                && metadata.compact().length() > SMALL_METADATA_MAX);
    }

    /** The id and the version: nothing that is personal. */
    @Override
    public String toString() {
        return "CustomerRecord[" + id + " version " + version + "]";
    }
}
