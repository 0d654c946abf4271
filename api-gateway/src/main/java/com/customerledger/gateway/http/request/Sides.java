package com.customerledger.gateway.http.request;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.command.Commands;
import com.customerledger.events.query.CustomerQueries;
import com.customerledger.events.query.EventFeed;
import com.customerledger.events.query.HistoryQueries;
import com.customerledger.events.query.SealQueries;
import com.customerledger.events.query.StatisticsQueries;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The two sides behind the gateway. A node may run without one of them; then it can't answer what that side answers. */
@Component
public final class Sides {

    private final @Nullable Commands commands;
    private final @Nullable CustomerQueries queries;
    private final @Nullable HistoryQueries history;
    private final @Nullable EventFeed feed;
    private final @Nullable StatisticsQueries statistics;
    private final @Nullable SealQueries seal;

    Sides(
            ObjectProvider<Commands> commands,
            ObjectProvider<CustomerQueries> queries,
            ObjectProvider<HistoryQueries> history,
            ObjectProvider<EventFeed> feed,
            ObjectProvider<StatisticsQueries> statistics,
            ObjectProvider<SealQueries> seal) {
        this.commands = commands.getIfAvailable();
        this.queries = queries.getIfAvailable();
        this.history = history.getIfAvailable();
        this.feed = feed.getIfAvailable();
        this.statistics = statistics.getIfAvailable();
        this.seal = seal.getIfAvailable();
    }

    /**
     * The way into the write side.
     *
     * @throws UnavailableException where this node does not run it
     */
    public Commands commands() {
        if (commands == null) {
            throw new UnavailableException("This node does not take commands", null);
        }
        return commands;
    }

    /**
     * The way into the read side.
     *
     * @throws UnavailableException where this node does not run it
     */
    public CustomerQueries queries() {
        return present(queries);
    }

    /**
     * The way to who changed what.
     *
     * @throws UnavailableException where this node does not run the read side
     */
    public HistoryQueries history() {
        return present(history);
    }

    /**
     * The way to the merchants' events.
     *
     * @throws UnavailableException where this node does not run the read side
     */
    public EventFeed feed() {
        return present(feed);
    }

    /**
     * The way to how many customers there are.
     *
     * @throws UnavailableException where this node does not run the read side
     */
    public StatisticsQueries statistics() {
        return present(statistics);
    }

    /**
     * The way to receipts, heads and the seal's keys.
     *
     * @throws UnavailableException where this node does not run the read side
     */
    public SealQueries seal() {
        return present(seal);
    }

    private static <T> T present(@Nullable T queries) {
        if (queries == null) {
            throw new UnavailableException("This node does not answer queries", null);
        }
        return queries;
    }
}
