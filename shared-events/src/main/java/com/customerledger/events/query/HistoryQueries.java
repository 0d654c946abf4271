package com.customerledger.events.query;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerField;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks who changed what. Every answer has all that was acknowledged when the question arrived. Thread-safe. */
public interface HistoryQueries {

    /** The place before a customer's first event. */
    int BEGINNING = -1;

    /**
     * A part of a customer's history, the oldest first.
     *
     * @param after the {@link ToldEvent#sequence} behind which it begins
     * @param limit how many events at most
     * @return none when that merchant has no such customer, or nothing happened to it since
     * @throws UnavailableException when the views can't answer now
     */
    List<ToldEvent> history(String merchantId, String customerId, int after, int limit);

    /**
     * Which event set each field of a customer to what it is now; for a field that never had a value its creation.
     *
     * @return every field in the fields' order; none when that merchant has no such customer
     * @throws UnavailableException when the views can't answer now
     */
    Map<CustomerField, Setting> blame(String merchantId, String customerId);

    /**
     * The event that set a field.
     *
     * @param value the field's value as JSON
     * @param number the event's number among the merchant's events
     * @param keyId the public part of the API key that caused it
     * @param version the customer's version since then
     * @param type the event's type
     * @param at when, in the API's format
     */
    record Setting(
            String value,
            long number,
            String keyId,
            int version,
            String type,
            String at,
            @Nullable String actor,
            @Nullable String reason,
            @Nullable String requestId) {

        /** Which event it was: the value is personal. */
        @Override
        public String toString() {
            return "Setting[" + number + "]";
        }
    }
}
