package com.customerledger.query.customers;

import com.customerledger.events.PaymentMethod;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
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
import com.customerledger.query.tail.WriteBound;
import com.customerledger.query.view.Freshness;
import com.customerledger.query.view.Freshness.Admission;
import com.customerledger.query.view.Generation;
import com.customerledger.query.view.ParkedCustomers;
import com.customerledger.query.view.Questions;
import com.customerledger.query.view.Questions.OneStatement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import tools.jackson.core.JsonGenerator;

/** Answers questions about customers from their views. Thread-safe. */
public final class CustomerReads implements CustomerQueries {

    private static final String FIND = """
            SELECT version, record
              FROM views.customer_list_N
             WHERE created_at = CREATED AND customer_id = ? AND merchant_id = ?
            """.replace("CREATED", Creation.timeOf("?"));

    private static final String FIND_AS_OF =
            """
            SELECT VERSION
              FROM views.customer_versions_N AS customer
             WHERE created_at = CREATED AND customer_id = ? AND merchant_id = ? AND valid_from <= ? AND valid_to > ?
             ORDER BY sequence DESC
             LIMIT 1
            """.replace("VERSION", Version.columns("customer")).replace("CREATED", Creation.timeOf("?"));

    // Before the event that made a version there are at least those of all earlier versions.
    private static final String PAYMENTS =
            """
            SELECT payment.payment_id, payment.method, payment.started_at,
                   CASE payment.method WHEN 'EFT' THEN customer.record END,
                   VERSION
              FROM views.customer_list_N AS customer
              LEFT JOIN views.payments_N AS payment
                ON payment.customer_id = customer.customer_id AND payment.running
              LEFT JOIN LATERAL (
                   SELECT customer_id, version, rank, valid_from, changed
                     FROM views.customer_versions_N
                    WHERE created_at = customer.created_at AND customer_id = customer.customer_id
                      AND version = payment.customer_version
                      AND sequence >= payment.customer_version - 1
                      AND payment.method <> 'EFT'
                    ORDER BY sequence
                    LIMIT 1) AS version ON true
             WHERE customer.created_at = CREATED AND customer.customer_id = ? AND customer.merchant_id = ?
             ORDER BY payment.position
            """.replace("VERSION", Version.columns("version")).replace("CREATED", Creation.timeOf("?"));

    private final QueryDatabase database;
    private final Questions questions;
    private final WriteBound writeBound;
    private final ZoneId zone;
    private final CustomerJson json;
    private final WholeList wholeList;
    private final StreamLimit streamLimit;

    /**
     * @param zone in which dates mean midnights
     * @param writeBound tells when a moment is past
     * @param streamsPerKeyMax how many whole lists a key may have running
     * @param streamDurationMax how long a whole list may run before it is cut off
     */
    public CustomerReads(
            QueryDatabase database,
            Freshness freshness,
            WriteBound writeBound,
            ZoneId zone,
            int streamsPerKeyMax,
            Duration streamDurationMax) {
        this.database = database;
        this.questions = new Questions(freshness);
        this.writeBound = writeBound;
        this.zone = zone;
        this.json = new CustomerJson(zone);
        this.wholeList = new WholeList(database, json, streamDurationMax);
        this.streamLimit = new StreamLimit(streamsPerKeyMax);
    }

    /** A row of a page. */
    private static final class Row {

        private final Place place;
        private final int version;
        private final byte[] json;

        /** Of the list of now, which has the record ready. */
        Row(ResultSet row) throws SQLException {
            this.place = new Place(Rank.micros(row.getLong(1)), row.getString(2));
            this.version = row.getInt(3);
            this.json = row.getBytes(4);
        }

        /** Of the list of a moment. */
        Row(CustomerRecord customer, CustomerJson json) {
            this.place = new Place(Rank.micros(Rank.of(customer.createdAt())), customer.id());
            this.version = customer.version();
            this.json = json.bytes(customer);
        }

        Place place() {
            return place;
        }

        byte[] json(boolean withVersion) {
            return withVersion ? versioned(version, json) : json;
        }
    }

    @Override
    public ZoneId zone() {
        return zone;
    }

    @Override
    public Optional<Place> list(ListCustomers query, ListReader reader) throws IOException {
        ListCustomers.Page page = query.page();
        if (page != null) {
            return page(query, page, reader);
        }
        Runnable leave = streamLimit.enter(query.key());
        try {
            awaitPast(query);
            ListSql sql = ListSql.of(query, zone);
            return questions.tell(query.consistency(), List.of(sql.view()), admission -> {
                Generation generation = admission.generation(sql.view());
                reader.parkedCustomers(ParkedCustomers.count(database, admission, query.merchantId()));
                wholeList.stream(
                        connection -> whole(sql, generation, query.withVersions(), connection),
                        query.asOf() != null,
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
        record Answer(long lagMillis, int parkedCustomers, List<Row> rows) {}
        awaitPast(query);
        ListSql sql = ListSql.of(query, zone);
        Answer answer = questions.ask(query.consistency(), List.of(sql.view()), new OneStatement<>() {
            private int parkedCustomers;

            @Override
            public void check(Admission admission) throws SQLException {
                parkedCustomers = ParkedCustomers.count(database, admission, query.merchantId());
            }

            @Override
            public String sql(Admission admission) {
                return sql.page(admission.generation(sql.view()));
            }

            @Override
            public void bind(PreparedStatement statement, int first) throws SQLException {
                // One more than is asked for tells whether there are more.
                sql.bind(statement, first, page.limit() + 1);
            }

            @Override
            public Answer read(ResultSet found, Admission admission) throws SQLException {
                List<Row> rows = new ArrayList<>();
                while (found.next()) {
                    rows.add(query.asOf() == null ? new Row(found) : new Row(Version.read(found, 1, json), json));
                }
                return new Answer(admission.lagMillis(), parkedCustomers, rows);
            }
        });
        List<Row> rows = answer.rows();
        reader.parkedCustomers(answer.parkedCustomers());
        reader.begin(answer.lagMillis());
        int count = Math.min(rows.size(), page.limit());
        for (Row row : rows.subList(0, count)) {
            byte[] record = row.json(query.withVersions());
            reader.record(record, 0, record.length);
        }
        return rows.size() > count ? Optional.of(rows.get(count - 1).place()) : Optional.empty();
    }

    private void awaitPast(ListCustomers query) {
        if (query.asOf() != null) {
            writeBound.awaitPast(query.asOf());
        }
    }

    @Override
    public Optional<FoundCustomer> find(
            String merchantId, String customerId, boolean withVersion, Consistency consistency) {
        return questions.ask(consistency, List.of(CustomerList.NAME), new OneStatement<>() {
            @Override
            public void check(Admission admission) throws SQLException {
                ParkedCustomers.check(database, admission, merchantId, customerId);
            }

            @Override
            public String sql(Admission admission) {
                return admission.generation(CustomerList.NAME).sql(FIND);
            }

            @Override
            public void bind(PreparedStatement statement, int first) throws SQLException {
                statement.setString(first, customerId);
                statement.setString(first + 1, customerId);
                statement.setString(first + 2, merchantId);
            }

            @Override
            public Optional<FoundCustomer> read(ResultSet row, Admission admission) throws SQLException {
                return row.next()
                        ? Optional.of(found(row.getInt(1), row.getBytes(2), withVersion, admission.lagMillis()))
                        : Optional.empty();
            }
        });
    }

    @Override
    public Optional<FoundCustomer> findAsOf(String merchantId, String customerId, Instant moment, boolean withVersion) {
        writeBound.awaitPast(moment);
        return questions.ask(Consistency.STRONG, List.of(CustomerVersions.NAME), admission -> {
            ParkedCustomers.check(database, admission, merchantId, customerId);
            String sql = admission.generation(CustomerVersions.NAME).sql(FIND_AS_OF);
            OffsetDateTime at = moment.atOffset(ZoneOffset.UTC);
            try (Connection connection = database.query();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, customerId);
                statement.setString(2, customerId);
                statement.setString(3, merchantId);
                statement.setObject(4, at);
                statement.setObject(5, at);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    CustomerRecord customer = Version.read(row, 1, json);
                    return Optional.of(
                            found(customer.version(), json.bytes(customer), withVersion, admission.lagMillis()));
                }
            }
        });
    }

    private static FoundCustomer found(int version, byte[] record, boolean withVersion, long lagMillis) {
        return new FoundCustomer(version, withVersion ? versioned(version, record) : record, lagMillis);
    }

    @Override
    public Optional<RunningPayments> payments(String merchantId, String customerId, Consistency consistency) {
        List<String> views = List.of(CustomerList.NAME, CustomerVersions.NAME, Payments.NAME);
        return questions.ask(consistency, views, admission -> {
            ParkedCustomers.check(database, admission, merchantId, customerId);
            String sql = PAYMENTS;
            for (String view : views) {
                sql = admission.generation(view).sql(sql);
            }
            try (Connection connection = database.query();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, customerId);
                statement.setString(2, customerId);
                statement.setString(3, merchantId);
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
            if (customer == null && rows.getString(5) != null) {
                customer = json.text(Version.read(rows, 5, json));
            }
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
}
