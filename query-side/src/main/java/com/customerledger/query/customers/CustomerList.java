package com.customerledger.query.customers;

import com.customerledger.events.PlainCreation;
import com.customerledger.events.customer.CustomerJson;
import com.customerledger.events.customer.CustomerRecord;
import com.customerledger.query.customers.Fold.Step;
import com.customerledger.query.database.CopiedRows;
import com.customerledger.query.database.JoinedTexts;
import com.customerledger.query.database.Parameters;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.view.Generation;
import com.customerledger.query.view.View;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Every customer as it is now, with its record ready to be answered. A customer is found by the time of its creation and
 * its id, see {@link Creation#timeOf}: by the id alone each row would have a place of its own in the key's index, as ids
 * are random, and this way new ones come side by side at its end.
 */
final class CustomerList implements View {

    static final String NAME = "customer_list";

    // One index serves lists of one status and, merged over all statuses, those of every status. A page takes ten
    // rows of the usual 740 bytes and has room for one more, so that a changed one stands beside the old one and no
    // index is touched.
    private static final String TABLES = """
            CREATE TABLE views.customer_list_N (
                created_at  timestamptz NOT NULL,
                rank        bigint      NOT NULL,
                version     integer     NOT NULL,
                sequence    integer     NOT NULL,
                status      smallint    NOT NULL,
                merchant_id text        COLLATE "C" NOT NULL,
                customer_id text        COLLATE "C" NOT NULL,
                record      text        NOT NULL,
                CONSTRAINT customer_list_key_N PRIMARY KEY (created_at, customer_id)
            );

            CREATE INDEX customer_list_by_age_N ON views.customer_list_N (merchant_id, status, rank, customer_id);
            """;

    private static final String CURRENT = """
            SELECT sequence, merchant_id, version, rank, record
              FROM unnest(?::text[]) AS wanted (id)
              JOIN views.customer_list_N ON created_at = CREATED AND customer_id = wanted.id
            """.replace("CREATED", Creation.timeOf("wanted.id"));

    private static final String CREATE =
            "views.customer_list_N (created_at, rank, version, sequence, status, merchant_id, customer_id, record)";

    private static final int COLUMNS = 8;

    private static final String WRITE = """
            INSERT INTO views.customer_list_N AS old
                   (created_at, rank, version, sequence, status, merchant_id, customer_id, record)
            SELECT * FROM unnest(?::timestamptz[], ?::bigint[], ?::integer[], ?::integer[], ?::smallint[], ?::text[],
                                 ?::text[], ?::text[])
                ON CONFLICT (created_at, customer_id) DO UPDATE
               SET version = excluded.version,
                   sequence = excluded.sequence,
                   status = excluded.status,
                   record = excluded.record
             WHERE old.sequence < excluded.sequence
            """;

    // What is there already is updated without the question whether it is, which would lock each row first.
    private static final String CHANGE =
            """
            UPDATE views.customer_list_N AS old
               SET version = new.version,
                   sequence = new.sequence,
                   status = new.status,
                   record = %s
              FROM unnest(?::integer[], ?::integer[], ?::smallint[], ?::bigint[], ?::text[], ?::integer[], ?::integer[])
                   AS new (version, sequence, status, rank, customer_id, begins, bytes)
             WHERE old.created_at = %s
               AND old.customer_id = new.customer_id AND old.sequence < new.sequence
            """.formatted(JoinedTexts.sql("new.begins", "new.bytes"), Rank.createdAtOf("new.rank"));

    private static final String PRESENT = """
            SELECT count(*)
              FROM unnest(?::bigint[], ?::text[]) AS wanted (rank, id)
              JOIN views.customer_list_N AS customer
                ON customer.created_at = %s
               AND customer.customer_id = wanted.id
            """.formatted(Rank.createdAtOf("wanted.rank"));

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
    public boolean handles(String type) {
        return type.startsWith("Customer");
    }

    @Override
    public boolean fillsWithoutKeys() {
        return true;
    }

    @Override
    public void makeOut(RecordedEvent event) {
        event.seekPlainCreation();
        View.super.makeOut(event);
    }

    @Override
    public Projection projection(Generation generation) {
        CustomerJson json = new CustomerJson(generation.zone());
        String create = generation.sql(CREATE);
        String write = generation.sql(WRITE);
        String change = generation.sql(CHANGE);
        String present = generation.sql(PRESENT);
        Fold fold = new Fold(false, Fold.by(generation.sql(CURRENT), row -> customer(row, json)));
        return (connection, events) -> {
            Parted parted = Parted.of(events);
            List<Step> created = new ArrayList<>();
            List<Step> changed = new ArrayList<>();
            for (List<Step> taken : fold.steps(connection, parted.others()).values()) {
                boolean isCreated = taken.get(0).before() == null;
                (isCreated ? created : changed).add(taken.get(taken.size() - 1));
            }
            if (created.size() + parted.plain().size() >= CopiedRows.WORTH_WHILE) {
                create(connection, parted.plain(), created, json, create);
            } else if (!created.isEmpty()) {
                write(connection, created, json, write);
            }
            if (!changed.isEmpty()) {
                change(connection, changed, json, change, present);
            }
        };
    }

    private static CustomerRecord customer(ResultSet row, CustomerJson json) throws SQLException {
        return json.read(row.getString(5), row.getString(2), row.getInt(3), Rank.createdAt(row.getLong(4)));
    }

    /**
     * Events of which some need not be read.
     *
     * @param plain plain creations of customers to whom nothing else happens among these events: many or none
     * @param others all others, in order
     */
    private record Parted(List<RecordedEvent> plain, List<RecordedEvent> others) {

        static Parted of(List<RecordedEvent> events) {
            Set<String> changed = new HashSet<>();
            for (RecordedEvent event : events) {
                if (!isPlainCreation(event)) {
                    changed.add(event.customerId());
                }
            }
            List<RecordedEvent> plain = new ArrayList<>();
            List<RecordedEvent> others = new ArrayList<>();
            for (RecordedEvent event : events) {
                (changed.contains(event.customerId()) ? others : plain).add(event);
            }
            return plain.size() < CopiedRows.WORTH_WHILE ? new Parted(List.of(), events) : new Parted(plain, others);
        }

        private static boolean isPlainCreation(RecordedEvent event) {
            return event.plainCreation() != null && event.sequence() == 0;
        }
    }

    private static void create(
            Connection connection, List<RecordedEvent> plain, List<Step> created, CustomerJson json, String target)
            throws SQLException {
        CopiedRows.add(connection, target, plain.size() + created.size(), COLUMNS, (rows, i) -> {
            if (i < plain.size()) {
                add(rows, plain.get(i), json);
            } else {
                add(rows, created.get(i - plain.size()), json);
            }
        });
    }

    private static void add(CopiedRows rows, RecordedEvent event, CustomerJson json) {
        PlainCreation creation = Objects.requireNonNull(event.plainCreation());
        rows.timestamptz(event.at())
                .bigint(Rank.of(event.at()))
                .integer(1)
                .integer(event.sequence())
                .smallint(StatusCode.of(creation.status()))
                .text(creation.merchantId())
                .text(event.customerId())
                .text(json.bytes(event.customerId(), event.at(), creation));
    }

    private static void add(CopiedRows rows, Step created, CustomerJson json) {
        CustomerRecord customer = created.customer();
        rows.timestamptz(customer.createdAt())
                .bigint(Rank.of(customer.createdAt()))
                .integer(customer.version())
                .integer(created.sequence())
                .smallint(StatusCode.of(customer.status()))
                .text(customer.merchantId())
                .text(customer.id())
                .text(json.bytes(customer));
    }

    private static void write(Connection connection, List<Step> created, CustomerJson json, String sql)
            throws SQLException {
        int count = created.size();
        String[] times = new String[count];
        long[] ranks = new long[count];
        int[] versions = new int[count];
        int[] sequences = new int[count];
        short[] statuses = new short[count];
        String[] merchants = new String[count];
        String[] ids = new String[count];
        String[] records = new String[count];
        for (int i = 0; i < count; i++) {
            CustomerRecord customer = created.get(i).customer();
            times[i] = customer.createdAt().toString();
            ranks[i] = Rank.of(customer.createdAt());
            versions[i] = customer.version();
            sequences[i] = created.get(i).sequence();
            statuses[i] = StatusCode.of(customer.status());
            merchants[i] = customer.merchantId();
            ids[i] = customer.id();
            records[i] = json.text(customer);
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters.set(statement, 1, times, ranks, versions, sequences, statuses, merchants, ids, records);
            statement.executeUpdate();
        }
    }

    private static void change(Connection connection, List<Step> changed, CustomerJson json, String sql, String present)
            throws SQLException {
        int count = changed.size();
        int[] versions = new int[count];
        int[] sequences = new int[count];
        short[] statuses = new short[count];
        long[] ranks = new long[count];
        String[] ids = new String[count];
        JoinedTexts records = new JoinedTexts(count);
        for (int i = 0; i < count; i++) {
            CustomerRecord customer = changed.get(i).customer();
            versions[i] = customer.version();
            sequences[i] = changed.get(i).sequence();
            statuses[i] = StatusCode.of(customer.status());
            ranks[i] = Rank.of(customer.createdAt());
            ids[i] = customer.id();
            records.add(json.bytes(customer));
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters.set(
                    statement,
                    1,
                    records.bytes(),
                    versions,
                    sequences,
                    statuses,
                    ranks,
                    ids,
                    records.begins(),
                    records.lengths());
            if (statement.executeUpdate() < count) {
                require(connection, ranks, ids, present);
            }
        }
    }

    /** What is not there can't be changed; what is newer than the change already stays as it is. */
    private static void require(Connection connection, long[] ranks, String[] ids, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters.set(statement, 1, ranks, ids);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getInt(1) < ids.length) {
                    throw new IllegalStateException("a customer that was changed is not in the list");
                }
            }
        }
    }
}
