package com.customerledger.query.customers;

import com.customerledger.events.PaymentMethod;
import com.customerledger.events.UnavailableException;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.json.Json;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.CustomerQueries;
import com.customerledger.events.query.FoundCustomer;
import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Place;
import com.customerledger.events.query.ListReader;
import com.customerledger.events.query.RunningPayments;
import com.customerledger.query.database.QueryDatabase;
import com.customerledger.query.payments.Payments;
import com.customerledger.query.view.Freshness;
import com.customerledger.query.view.Freshness.Admission;
import com.customerledger.query.view.Generation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import tools.jackson.core.JsonGenerator;

/** Answers questions about customers from their views. Thread-safe. */
public final class CustomerReads implements CustomerQueries {

    /** How often a question is asked again whose generation was dropped between its admission and its statement. */
    private static final int ATTEMPTS_MAX = 3;

    private static final String FIND = """
            SELECT version, record
              FROM views.customer_list_N
             WHERE customer_id = ? AND merchant_id = ?
            """;

    private static final String PAYMENTS = """
            SELECT payment.payment_id, payment.method, payment.started_at,
                   CASE payment.method WHEN 'EFT' THEN customer.record ELSE version.record END
              FROM views.customer_list_N AS customer
              LEFT JOIN views.payments_N AS payment
                ON payment.customer_id = customer.customer_id AND payment.running
              LEFT JOIN views.customer_versions_N AS version
                ON version.customer_id = payment.customer_id AND version.version = payment.customer_version
               AND payment.method <> 'EFT'
             WHERE customer.customer_id = ? AND customer.merchant_id = ?
             ORDER BY payment.position
            """;

    private final QueryDatabase database;
    private final Freshness freshness;
    private final ZoneId zone;
    private final CustomerJson json;
    private final WholeList wholeList;
    private final StreamLimit streamLimit;

    /**
     * @param zone in which dates mean midnights
     * @param streamsPerKeyMax how many whole lists a key may have running
     * @param streamDurationMax how long a whole list may run before it is cut off
     */
    public CustomerReads(
            QueryDatabase database,
            Freshness freshness,
            ZoneId zone,
            int streamsPerKeyMax,
            Duration streamDurationMax) {
        this.database = database;
        this.freshness = freshness;
        this.zone = zone;
        this.json = new CustomerJson(zone);
        this.wholeList = new WholeList(database, streamDurationMax);
        this.streamLimit = new StreamLimit(streamsPerKeyMax);
    }

    /** A row of a page. */
    private static final class Row {

        private final Place place;
        private final int version;
        private final byte[] json;

        Row(ResultSet row) throws SQLException {
            this.place = new Place(Rank.micros(row.getLong(1)), row.getString(2));
            this.version = row.getInt(3);
            this.json = row.getBytes(4);
        }

        Place place() {
            return place;
        }

        byte[] json(boolean withVersion) {
            return withVersion ? versioned(version, json) : json;
        }
    }

    /** A question with its answer's generations at hand. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(Admission admission) throws SQLException, IOException;
    }

    @Override
    public Optional<Place> list(ListCustomers query, ListReader reader) throws IOException {
        ListCustomers.Page page = query.page();
        if (page != null) {
            return page(query, page, reader);
        }
        Runnable leave = streamLimit.enter(query.key());
        try {
            return ask(query.consistency(), List.of(CustomerList.NAME), admission -> {
                ListSql sql = ListSql.of(query, zone);
                Generation generation = admission.generation(CustomerList.NAME);
                wholeList.stream(
                        connection -> whole(sql, generation, query.withVersions(), connection),
                        query.withVersions(),
                        admission.lagMillis(),
                        reader);
                return Optional.empty();
            });
        } finally {
            leave.run();
        }
    }

    private static String whole(ListSql sql, Generation generation, boolean withVersions, PGConnection connection)
            throws SQLException {
        return sql.whole(generation, withVersions, quoted(connection, sql.merchantId()), quoted(connection, sql.id()));
    }

    /** A literal; the driver escapes what is between the quotes and leaves these to its caller. */
    private static String quoted(PGConnection connection, String text) throws SQLException {
        return "'" + connection.escapeLiteral(text) + "'";
    }

    private Optional<Place> page(ListCustomers query, ListCustomers.Page page, ListReader reader) throws IOException {
        // The rows are taken first, so that no connection waits for a slow reader.
        record Answer(long lagMillis, List<Row> rows) {}
        Answer answer = ask(
                query.consistency(),
                List.of(CustomerList.NAME),
                admission -> new Answer(
                        admission.lagMillis(),
                        rows(ListSql.of(query, zone), admission.generation(CustomerList.NAME), page.limit())));
        List<Row> rows = answer.rows();
        reader.begin(answer.lagMillis());
        int count = Math.min(rows.size(), page.limit());
        for (Row row : rows.subList(0, count)) {
            byte[] record = row.json(query.withVersions());
            reader.record(record, 0, record.length);
        }
        return rows.size() > count ? Optional.of(rows.get(count - 1).place()) : Optional.empty();
    }

    private List<Row> rows(ListSql sql, Generation generation, int limit) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Connection connection = database.query();
                PreparedStatement statement = connection.prepareStatement(sql.page(generation))) {
            // One more than is asked for tells whether there are more.
            sql.bind(statement, limit + 1);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(found));
                }
            }
        }
        return rows;
    }

    @Override
    public Optional<FoundCustomer> find(
            String merchantId, String customerId, boolean withVersion, Consistency consistency) {
        return answer(consistency, List.of(CustomerList.NAME), admission -> {
            String sql = admission.generation(CustomerList.NAME).sql(FIND);
            try (Connection connection = database.query();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, customerId);
                statement.setString(2, merchantId);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    int version = row.getInt(1);
                    byte[] record = row.getBytes(2);
                    return Optional.of(new FoundCustomer(
                            version, withVersion ? versioned(version, record) : record, admission.lagMillis()));
                }
            }
        });
    }

    @Override
    public Optional<RunningPayments> payments(String merchantId, String customerId, Consistency consistency) {
        List<String> views = List.of(CustomerList.NAME, CustomerVersions.NAME, Payments.NAME);
        return answer(consistency, views, admission -> {
            String sql = PAYMENTS;
            for (String view : views) {
                sql = admission.generation(view).sql(sql);
            }
            try (Connection connection = database.query();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, customerId);
                statement.setString(2, merchantId);
                try (ResultSet rows = statement.executeQuery()) {
                    byte[] array = payments(rows);
                    return array == null
                            ? Optional.empty()
                            : Optional.of(new RunningPayments(array, admission.lagMillis()));
                }
            }
        });
    }

    /** The rows as a JSON array, or null when there is not even the customer's. */
    private byte @Nullable [] payments(ResultSet rows) throws SQLException {
        if (!rows.next()) {
            return null;
        }
        record Running(String paymentId, PaymentMethod method, String startedAt, String customer) {}
        List<Running> running = new ArrayList<>();
        do {
            String paymentId = rows.getString(1);
            String customer = rows.getString(4);
            // A customer without payments is a row without one. A payment whose customer's version the other view does
            // not have yet is not seen yet.
            if (paymentId != null && customer != null) {
                running.add(new Running(
                        paymentId,
                        PaymentMethod.valueOf(rows.getString(2)),
                        json.timestamp(rows.getObject(3, OffsetDateTime.class).toInstant()),
                        customer));
            }
        } while (rows.next());
        return Json.text(out -> {
                    out.writeStartArray();
                    for (Running payment : running) {
                        write(out, payment.paymentId(), payment.method(), payment.startedAt(), payment.customer());
                    }
                    out.writeEndArray();
                })
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void write(
            JsonGenerator out, String paymentId, PaymentMethod method, String startedAt, String customer) {
        out.writeStartObject();
        out.writeStringProperty("payment_id", paymentId);
        out.writeStringProperty("method", method.name());
        out.writeStringProperty("started_at", startedAt);
        out.writeName("customer");
        out.writeRawValue(customer);
        out.writeEndObject();
    }

    private static byte[] versioned(int version, byte[] record) {
        WholeList.VersionedRecord versioned = new WholeList.VersionedRecord();
        versioned.set(version, record, 0, record.length);
        return Arrays.copyOf(versioned.bytes(), versioned.length());
    }

    private <T> T answer(Consistency consistency, List<String> views, Question<T> question) {
        try {
            return ask(consistency, views, question);
        } catch (IOException e) {
            throw new IllegalStateException("nothing is written to a reader here", e);
        }
    }

    private <T> T ask(Consistency consistency, List<String> views, Question<T> question) throws IOException {
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
