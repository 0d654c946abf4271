package com.customerledger.query.customers;

import com.customerledger.events.EventMetadata;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.query.customers.Fold.Known;
import com.customerledger.query.customers.Fold.Step;
import com.customerledger.query.database.CopiedRows;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.view.Generation;
import com.customerledger.query.view.View;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every version of every customer and the time for which it was the newest: from {@code valid_from} until before
 * {@code valid_to}. Versions of one moment, of which all but the last were never seen, have an empty interval.
 *
 * <p>And every event of every customer with an entry ready to be told, because both take the same reading and folding of
 * the events: {@link EntryText}.
 */
public final class CustomerVersions implements View {

    /** The view's name. */
    public static final String NAME = "customer_versions";

    // The list of a moment is the walk along one index that the list of now is; what came later is passed over in the
    // index
    // itself. The end of a version is in no index, so that ending one touches none.
    private static final String TABLES = """
            CREATE TABLE views.customer_versions_N (
                rank        bigint      NOT NULL,
                valid_from  timestamptz NOT NULL,
                valid_to    timestamptz NOT NULL,
                version     integer     NOT NULL,
                sequence    integer     NOT NULL,
                status      smallint    NOT NULL,
                merchant_id text        COLLATE "C" NOT NULL,
                customer_id text        COLLATE "C" NOT NULL,
                record      text        NOT NULL,
                CONSTRAINT customer_versions_key_N PRIMARY KEY (customer_id, version)
            ) WITH (fillfactor = 90);

            CREATE INDEX customer_versions_by_age_N
                ON views.customer_versions_N (merchant_id, status, rank, customer_id, valid_from);

            CREATE TABLE views.customer_versions_entries_N (
                position    bigint  NOT NULL,
                sequence    integer NOT NULL,
                version     integer NOT NULL,
                key_id      text    COLLATE "C" NOT NULL,
                customer_id text    COLLATE "C" NOT NULL,
                entry       text    NOT NULL,
                CONSTRAINT customer_versions_entries_key_N PRIMARY KEY (position),
                CONSTRAINT customer_versions_entries_of_a_customer_N UNIQUE (customer_id, sequence)
            );
            """;

    private static final String CURRENT = """
            SELECT newest.*
              FROM unnest(?::text[]) AS wanted (id)
             CROSS JOIN LATERAL (
                   SELECT customer_id, merchant_id, version, sequence, rank, record
                     FROM views.customer_versions_N
                    WHERE customer_id = wanted.id
                    ORDER BY version DESC
                    LIMIT 1) AS newest
            """;

    // The newest version ends with the first event that changes the customer, and says what the customer was until
    // then:
    // one walk for both. A version that has that event already neither ends nor is told.
    private static final String END = """
            UPDATE views.customer_versions_N AS newest
               SET valid_to = ended.at
              FROM (SELECT event.customer_id, event.sequence, event.at,
                           (SELECT version
                              FROM views.customer_versions_N
                             WHERE customer_id = event.customer_id
                             ORDER BY version DESC
                             LIMIT 1) AS version
                      FROM unnest(?::text[], ?::integer[], ?::timestamptz[]) AS event (customer_id, sequence, at)) AS ended
             WHERE newest.customer_id = ended.customer_id
               AND newest.version = ended.version
               AND newest.valid_to = 'infinity'
               AND newest.sequence < ended.sequence
            RETURNING newest.customer_id, newest.merchant_id, newest.version, newest.sequence, newest.rank, newest.record
            """;

    private static final String ADD = """
            views.customer_versions_N
            (rank, valid_from, valid_to, version, sequence, status, merchant_id, customer_id, record)""";

    private static final int COLUMNS = 9;

    private static final String WRITE = """
            INSERT INTO views.customer_versions_N
                   (rank, valid_from, valid_to, version, sequence, status, merchant_id, customer_id, record)
            SELECT * FROM unnest(?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::integer[], ?::integer[],
                                 ?::smallint[], ?::text[], ?::text[], ?::text[])
                ON CONFLICT (customer_id, version) DO NOTHING
            """;

    private static final String TELL_MANY =
            "views.customer_versions_entries_N (position, sequence, version, key_id, customer_id, entry)";

    private static final int ENTRY_COLUMNS = 6;

    private static final String TELL = """
            INSERT INTO views.customer_versions_entries_N (position, sequence, version, key_id, customer_id, entry)
            SELECT * FROM unnest(?::bigint[], ?::integer[], ?::integer[], ?::text[], ?::text[], ?::text[])
                ON CONFLICT DO NOTHING
            """;

    private static final String FOREVER = "infinity";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int revision() {
        return 1;
    }

    @Override
    public String tables() {
        return TABLES;
    }

    @Override
    public boolean hasZone() {
        return true;
    }

    @Override
    public boolean fillsWithoutKeys() {
        return true;
    }

    @Override
    public Projection projection(Generation generation) {
        CustomerJson json = new CustomerJson(generation.zone());
        String current = generation.sql(CURRENT);
        String end = generation.sql(END);
        String write = generation.sql(WRITE);
        String tell = generation.sql(TELL);
        String add = generation.sql(ADD);
        String tellMany = generation.sql(TELL_MANY);
        return (connection, events) -> {
            Map<String, List<Step>> steps = Fold.steps(
                    connection, events, true, (database, ids) -> before(database, ids, events, json, end, current));
            List<Step> all = steps.values().stream().flatMap(List::stream).toList();
            List<Step> changes = all.stream().filter(Step::isChange).toList();
            if (!changes.isEmpty()) {
                if (changes.size() < CopiedRows.WORTH_WHILE) {
                    write(connection, changes, json, write);
                } else {
                    add(connection, changes, json, add);
                }
            }
            if (!all.isEmpty()) {
                List<Step> told = inTheirOrder(all);
                if (told.size() < CopiedRows.WORTH_WHILE) {
                    tell(connection, told, json, tell);
                } else {
                    tellMany(connection, told, json, tellMany);
                }
            }
        };
    }

    /** What customers were before the events, whose first change ends their newest version. */
    private static Map<String, Known> before(
            Connection connection,
            Collection<String> customerIds,
            List<RecordedEvent> events,
            CustomerJson json,
            String end,
            String current)
            throws SQLException {
        Map<String, RecordedEvent> first = new TreeMap<>();
        for (RecordedEvent event : events) {
            if (customerIds.contains(event.customerId()) && Fold.changesCustomer(event.event())) {
                first.putIfAbsent(event.customerId(), event);
            }
        }
        Map<String, Known> known = new HashMap<>();
        if (!first.isEmpty()) {
            known.putAll(end(connection, first.values(), json, end));
        }
        List<String> others =
                customerIds.stream().filter(id -> !known.containsKey(id)).toList();
        if (!others.isEmpty()) {
            known.putAll(current(connection, others, json, current));
        }
        return known;
    }

    private static Map<String, Known> current(
            Connection connection, Collection<String> customerIds, CustomerJson json, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, customerIds.toArray(String[]::new));
            return Fold.read(statement, json);
        }
    }

    /** Ends the newest version of each event's customer; what it says. */
    private static Map<String, Known> end(
            Connection connection, Collection<RecordedEvent> first, CustomerJson json, String sql) throws SQLException {
        String[] ids = new String[first.size()];
        int[] sequences = new int[first.size()];
        String[] ends = new String[first.size()];
        int i = 0;
        for (RecordedEvent event : first) {
            ids[i] = event.customerId();
            sequences[i] = event.sequence();
            ends[i] = event.at().toString();
            i++;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, ids);
            statement.setObject(2, sequences);
            statement.setObject(3, ends);
            return Fold.read(statement, json);
        }
    }

    /** The time of the next version, if it is among the steps; a customer's steps stand side by side. */
    private static @Nullable Instant end(List<Step> all, int i) {
        return i + 1 < all.size()
                        && all.get(i + 1)
                                .customer()
                                .id()
                                .equals(all.get(i).customer().id())
                ? all.get(i + 1).at()
                : null;
    }

    private static void add(Connection connection, List<Step> all, CustomerJson json, String target)
            throws SQLException {
        CopiedRows.add(connection, target, all.size(), COLUMNS, (rows, i) -> {
            CustomerRecord customer = all.get(i).customer();
            rows.bigint(Rank.of(customer.createdAt()))
                    .timestamptz(all.get(i).at())
                    .timestamptz(end(all, i))
                    .integer(customer.version())
                    .integer(all.get(i).sequence())
                    .smallint(StatusCode.of(customer.status()))
                    .text(customer.merchantId())
                    .text(customer.id())
                    .text(json.bytes(customer));
        });
    }

    private static void write(Connection connection, List<Step> all, CustomerJson json, String sql)
            throws SQLException {
        int count = all.size();
        long[] ranks = new long[count];
        String[] froms = new String[count];
        String[] tos = new String[count];
        int[] versions = new int[count];
        int[] sequences = new int[count];
        short[] statuses = new short[count];
        String[] merchants = new String[count];
        String[] ids = new String[count];
        String[] records = new String[count];
        for (int i = 0; i < count; i++) {
            CustomerRecord customer = all.get(i).customer();
            ranks[i] = Rank.of(customer.createdAt());
            froms[i] = all.get(i).at().toString();
            Instant end = end(all, i);
            tos[i] = end == null ? FOREVER : end.toString();
            versions[i] = customer.version();
            sequences[i] = all.get(i).sequence();
            statuses[i] = StatusCode.of(customer.status());
            merchants[i] = customer.merchantId();
            ids[i] = customer.id();
            records[i] = json.text(customer);
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, ranks);
            statement.setObject(2, froms);
            statement.setObject(3, tos);
            statement.setObject(4, versions);
            statement.setObject(5, sequences);
            statement.setObject(6, statuses);
            statement.setObject(7, merchants);
            statement.setObject(8, ids);
            statement.setObject(9, records);
            statement.executeUpdate();
        }
    }

    /** In the order of the events, as the rows are to be read. */
    private static List<Step> inTheirOrder(List<Step> steps) {
        return steps.stream()
                .sorted(Comparator.comparingLong(step -> step.event().position()))
                .toList();
    }

    private static void tellMany(Connection connection, List<Step> all, CustomerJson json, String target)
            throws SQLException {
        CopiedRows.add(connection, target, all.size(), ENTRY_COLUMNS, (rows, i) -> {
            Step step = all.get(i);
            EventMetadata cause = step.event().cause();
            rows.bigint(step.event().position())
                    .integer(step.sequence())
                    .integer(step.customer().version())
                    .text(cause.key())
                    .text(step.customer().id())
                    .text(EntryText.of(step, cause, json));
        });
    }

    private static void tell(Connection connection, List<Step> all, CustomerJson json, String sql) throws SQLException {
        int count = all.size();
        long[] positions = new long[count];
        int[] sequences = new int[count];
        int[] versions = new int[count];
        String[] keys = new String[count];
        String[] ids = new String[count];
        String[] entries = new String[count];
        for (int i = 0; i < count; i++) {
            Step step = all.get(i);
            EventMetadata cause = step.event().cause();
            positions[i] = step.event().position();
            sequences[i] = step.sequence();
            versions[i] = step.customer().version();
            keys[i] = cause.key();
            ids[i] = step.customer().id();
            entries[i] = EntryText.of(step, cause, json);
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, positions);
            statement.setObject(2, sequences);
            statement.setObject(3, versions);
            statement.setObject(4, keys);
            statement.setObject(5, ids);
            statement.setObject(6, entries);
            statement.executeUpdate();
        }
    }
}
