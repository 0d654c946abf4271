package com.customerledger.query.view;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.query.Consistency;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.view.Freshness.Admission;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

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

    /** A question that is one statement. Its answer is all read before it is of use, and never null. */
    public interface OneStatement<T> extends Freshness.AtOnce<T> {

        /**
         * Looks whether it may be asked at all, where events are parked.
         *
         * @throws UnavailableException when it may not
         */
        void check(Admission admission) throws SQLException;
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
     * The answer to a question that is one statement, mostly by one request to the server.
     *
     * @param views the names of the views that it is answered from
     * @throws UnavailableException when they can't answer now
     */
    public <T> T ask(Consistency consistency, List<String> views, OneStatement<T> question) {
        try {
            Optional<T> answer = freshness.askAtOnce(consistency, views, question);
            if (answer.isPresent()) {
                return answer.get();
            }
        } catch (SQLException e) {
            if (!QueryDatabase.isTableMissing(e)) {
                throw QueryDatabase.failed(e);
            }
        }
        return ask(consistency, views, admission -> {
            question.check(admission);
            try (Connection connection = freshness.database().query();
                    PreparedStatement statement = connection.prepareStatement(question.sql(admission))) {
                question.bind(statement, 1);
                try (ResultSet rows = statement.executeQuery()) {
                    return question.read(rows, admission);
                }
            }
        });
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
