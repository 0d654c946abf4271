package com.customerledger.query.customers;

import com.customerledger.events.EventMetadata;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.query.customers.Fold.Step;
import com.customerledger.query.database.CopiedRows;
import com.customerledger.query.database.Parameters;
import com.customerledger.query.view.Generation;
import com.customerledger.query.view.View;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every event of every customer: what is told of it, and the customer that it made. A version is the newest from its
 * event's time until before the next version's; versions of one moment, of which all but the last were never seen, have
 * an empty interval.
 *
 * <p>A row is written once and never again, so that ending a version costs nothing. What a creation says stands in the
 * ledger and is asked for there: here it would be the same values a third time, and most customers are never changed. Its
 * row has no changed fields, no key, and nothing to be told but the time as answers show it. A later version has only the
 * fields that were changed since, {@link CustomerJson#laterText}: most changes are of a few, and with its whole record a row
 * would be twice as large.
 */
public final class CustomerVersions implements View {

    /** The view's name. */
    public static final String NAME = "customer_versions";

    // The list of a moment is the walk along one index that the list of now is, past a customer's versions from the
    // newest to the oldest; what came later is passed over in the index itself. Events of payments, which make no
    // version, have changed nothing either, and are never a customer's first. Of the merchant the index has a hash, a
    // sixth of the id: the row is read anyway, and says whose it is.
    //
    // A customer's rows are found by the time of its creation and its id, as in the list, see CustomerList.
    //
    // What is told has neither the version nor the type, which are columns. The views are for people to look at: the
    // program tells a creation by the writer of all others, see Creation, and makes a record as Version does.
    private static final String TABLES =
            """
            CREATE TABLE views.customer_versions_events_N (
                position    bigint      NOT NULL,
                created_at  timestamptz NOT NULL,
                rank        bigint      NOT NULL,
                valid_from  timestamptz NOT NULL,
                version     integer     NOT NULL,
                sequence    integer     NOT NULL,
                status      smallint    NOT NULL,
                type        smallint    NOT NULL,
                merchant_id text        COLLATE "C" NOT NULL,
                customer_id text        COLLATE "C" NOT NULL,
                key_id      text        COLLATE "C",
                told        text        NOT NULL,
                changed     text,
                CONSTRAINT customer_versions_key_N PRIMARY KEY (created_at, customer_id, sequence)
            );

            CREATE INDEX customer_versions_by_position_N ON views.customer_versions_events_N (position);

            CREATE INDEX customer_versions_by_age_N
                ON views.customer_versions_events_N
                       (hashtext(merchant_id), status, rank, customer_id, sequence DESC, valid_from)
             WHERE changed IS NOT NULL OR sequence = 0;

            CREATE VIEW views.customer_versions_N AS
            SELECT created_at, rank, valid_from,
                   coalesce((SELECT next.valid_from
                               FROM views.customer_versions_events_N AS next
                              WHERE next.created_at = event.created_at
                                AND next.customer_id = event.customer_id
                                AND next.sequence > event.sequence
                                AND next.changed IS NOT NULL
                              ORDER BY next.sequence
                              LIMIT 1), 'infinity') AS valid_to,
                   version, sequence, status, merchant_id, customer_id, changed,
                   (SELECT (SELECT json_object_agg(name, coalesce(later.value, first.value))
                              FROM json_each(payload::json #> '{personal,fields}') AS first (name, value)
                              FULL JOIN json_each(event.changed::json) AS later (name, value) USING (name))
                      FROM ledger.events AS creation
                     WHERE creation.aggregate_id = event.customer_id AND creation.sequence = 0) AS record
              FROM views.customer_versions_events_N AS event
             WHERE changed IS NOT NULL OR sequence = 0;

            CREATE VIEW views.customer_versions_entries_N AS
            SELECT position, created_at, sequence, version,
                   CASE WHEN sequence > 0 THEN key_id ELSE CAUSE::json ->> 'key' END AS key_id,
                   customer_id,
                   CASE WHEN sequence > 0 THEN '"version":' || version || ',"type":"' || TYPE || '",' || told
                   ELSE (SELECT '"version":1,"type":"CustomerCreated","at":"' || told
                                || '","actor":' || coalesce((personal -> 'actor')::text, 'null')
                                || ',"reason":' || coalesce((personal -> 'reason')::text, 'null')
                                || ',"request_id":' || coalesce((metadata::json -> 'request_id')::text, 'null')
                                || ',"changes":['
                                || (SELECT string_agg('{"field":"' || name || '","from":null,"to":' || value || '}', ',')
                                      FROM json_each(personal -> 'fields') AS field (name, value)
                                     WHERE value::text <> 'null')
                                || ']}'
                           FROM ledger.events AS creation, json_extract_path(payload::json, 'personal') AS personal
                          WHERE creation.aggregate_id = event.customer_id AND creation.sequence = 0)
                   END AS entry
              FROM views.customer_versions_events_N AS event;
            """.replace("CAUSE", Creation.causeOf("event")).replace("TYPE", TypeCode.sql("event.type"));

    private static final String CURRENT =
            """
            SELECT newest.sequence, VERSION
              FROM unnest(?::text[]) AS wanted (id)
             CROSS JOIN LATERAL (
                   SELECT sequence, customer_id, version, rank, valid_from, changed
                     FROM views.customer_versions_N
                    WHERE created_at = CREATED AND customer_id = wanted.id
                    ORDER BY sequence DESC
                    LIMIT 1) AS newest
            """.replace("VERSION", Version.columns("newest")).replace("CREATED", Creation.timeOf("wanted.id"));

    private static final String ADD = """
            views.customer_versions_events_N
            (position, created_at, rank, valid_from, version, sequence, status, type, merchant_id, customer_id, key_id, told,
             changed)""";

    private static final int COLUMNS = 13;

    // The newest version may have payments' events behind it, which come again when it is taken up again.
    private static final String WRITE = """
            INSERT INTO views.customer_versions_events_N
                   (position, created_at, rank, valid_from, version, sequence, status, type, merchant_id, customer_id,
                    key_id, told, changed)
            SELECT * FROM unnest(?::bigint[], ?::timestamptz[], ?::bigint[], ?::timestamptz[], ?::integer[], ?::integer[],
                                 ?::smallint[], ?::smallint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                ON CONFLICT (created_at, customer_id, sequence) DO NOTHING
            """;

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
        String write = generation.sql(WRITE);
        String add = generation.sql(ADD);
        Fold fold = new Fold(true, Fold.by(generation.sql(CURRENT), row -> Version.read(row, 2, json)));
        return (connection, events) -> {
            List<Step> steps = fold.steps(connection, events).values().stream()
                    .flatMap(List::stream)
                    .sorted(Comparator.comparingLong(step -> step.event().position()))
                    .toList();
            if (steps.size() >= CopiedRows.WORTH_WHILE) {
                add(connection, steps, json, add);
            } else if (!steps.isEmpty()) {
                write(connection, steps, json, write);
            }
        };
    }

    private static void add(Connection connection, List<Step> steps, CustomerJson json, String target)
            throws SQLException {
        CopiedRows.add(connection, target, steps.size(), COLUMNS, (rows, i) -> {
            Step step = steps.get(i);
            CustomerRecord customer = step.customer();
            EventMetadata cause = step.event().cause();
            rows.bigint(step.event().position())
                    .timestamptz(customer.createdAt())
                    .bigint(Rank.of(customer.createdAt()))
                    .timestamptz(step.at())
                    .integer(customer.version())
                    .integer(step.sequence())
                    .smallint(StatusCode.of(customer.status()))
                    .smallint(TypeCode.of(step.event().event()))
                    .text(customer.merchantId())
                    .text(customer.id());
            if (step.before() == null) {
                rows.nothing();
            } else {
                rows.text(cause.key());
            }
            rows.text(told(step, cause, json));
            if (hasChanged(step)) {
                rows.text(json.laterBytes(customer));
            } else {
                rows.nothing();
            }
        });
    }

    private static boolean hasChanged(Step step) {
        return step.isChange() && step.before() != null;
    }

    private static String told(Step step, EventMetadata cause, CustomerJson json) {
        CustomerRecord before = step.before();
        return before == null
                ? json.timestamp(step.at())
                : EntryText.told(before.values(), step.customer(), step.event().event(), cause, json);
    }

    private static void write(Connection connection, List<Step> steps, CustomerJson json, String sql)
            throws SQLException {
        int count = steps.size();
        long[] positions = new long[count];
        String[] times = new String[count];
        long[] ranks = new long[count];
        String[] froms = new String[count];
        int[] versions = new int[count];
        int[] sequences = new int[count];
        short[] statuses = new short[count];
        short[] types = new short[count];
        String[] merchants = new String[count];
        String[] ids = new String[count];
        @Nullable String[] keys = new String[count];
        String[] told = new String[count];
        @Nullable String[] changed = new String[count];
        for (int i = 0; i < count; i++) {
            Step step = steps.get(i);
            CustomerRecord customer = step.customer();
            EventMetadata cause = step.event().cause();
            positions[i] = step.event().position();
            times[i] = customer.createdAt().toString();
            ranks[i] = Rank.of(customer.createdAt());
            froms[i] = step.at().toString();
            versions[i] = customer.version();
            sequences[i] = step.sequence();
            statuses[i] = StatusCode.of(customer.status());
            types[i] = TypeCode.of(step.event().event());
            merchants[i] = customer.merchantId();
            ids[i] = customer.id();
            keys[i] = step.before() == null ? null : cause.key();
            told[i] = told(step, cause, json);
            changed[i] = hasChanged(step) ? json.laterText(customer) : null;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters.set(
                    statement, 1, positions, times, ranks, froms, versions, sequences, statuses, types, merchants, ids,
                    keys, told, changed);
            statement.executeUpdate();
        }
    }
}
