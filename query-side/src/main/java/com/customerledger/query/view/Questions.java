package com.customerledger.query.view;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.query.Consistency;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Freshness.Admission;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Asks views that are as fresh as they are to be. Thread-safe. */
public final class Questions {

    /** How often a question is asked again whose generation was dropped between its admission and its statement. */
    private static final int ATTEMPTS_MAX = 3;

    private final Freshness freshness;

    public Questions(Freshness freshness) {
        this.freshness = freshness;
    }

    /** A question with its answer's generations at hand. */
    @FunctionalInterface
    public interface Question<T> {

        /** Asks it; asked again when a generation's tables are gone. */
        T ask(Admission admission) throws SQLException;
    }

    /** A question whose answer is handed to a reader. */
    @FunctionalInterface
    public interface Telling<T> {

        /** Asks it; asked again when a generation's tables are gone, and nothing was handed to the reader then. */
        T ask(Admission admission) throws SQLException, IOException;
    }

    /**
     * The answer to the question.
     *
     * @param views the names of the views that it is answered from
     * @throws UnavailableException when they can't answer now
     */
    public <T> T ask(Consistency consistency, List<String> views, Question<T> question) {
        try {
            return tell(consistency, views, question::ask);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is written to a reader here", e);
        }
    }

    /**
     * The answer to the question, part of which a reader was told.
     *
     * @param views the names of the views that it is answered from
     * @throws UnavailableException when they can't answer now
     * @throws IOException from the question
     */
    public <T> T tell(Consistency consistency, List<String> views, Telling<T> question) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.ask(freshness.admit(consistency, views));
            } catch (SQLException e) {
                if (!QueryDatabase.isTableMissing(e)) {
                    throw QueryDatabase.failed(e);
                }
                if (attempt == ATTEMPTS_MAX) {
                    throw new UnavailableException("a view is being replaced", e);
                }
            }
        }
    }
}
