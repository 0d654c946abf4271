package com.customerledger.events.query;

import com.customerledger.events.UnavailableException;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Asks how many customers there are. Thread-safe. */
public interface StatisticsQueries {

    /**
     * How many customers of each status a merchant has, by the day of their creation.
     *
     * @param start the first day, or null for no bound
     * @param end the day behind the last one, or null for no bound
     * @throws UnavailableException when the view can't answer now
     */
    CustomerCounts count(
            String merchantId, @Nullable LocalDate start, @Nullable LocalDate end, Consistency consistency);
}
