package com.customerledger.query.statistics;

import com.customerledger.events.CustomerArchived;
import com.customerledger.events.CustomerCreated;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.Lookup;
import com.customerledger.query.database.CopiedRows;
import com.customerledger.query.database.Parameters;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.view.Generation;
import com.customerledger.query.view.View;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How many customers of each status a merchant has, by the day of their creation in the ledger's zone. */
final class CustomerStatistics implements View {

    static final String NAME = "customer_statistics";

    // A count forgets which customers are in it. The second table remembers where each one is counted, so that a change
    // of its status takes it from there, and up to which event, so that no event counts twice. A customer is known by
    // the position of its creation, a third of the id's length, whose place in the index is always the end.
    private static final String TABLES = """
            CREATE TABLE views.customer_statistics_N (
                merchant_id text   COLLATE "C" NOT NULL,
                day         date   NOT NULL,
                status      text   COLLATE "C" NOT NULL,
                customers   bigint NOT NULL,
                CONSTRAINT customer_statistics_key_N PRIMARY KEY (merchant_id, day, status)
            ) WITH (fillfactor = 50);

            CREATE TABLE views.customer_statistics_places_N (
                created  bigint  NOT NULL,
                day      date    NOT NULL,
                sequence integer NOT NULL,
                status   text    COLLATE "C" NOT NULL,
                CONSTRAINT customer_statistics_places_key_N PRIMARY KEY (created)
            );
            """;

    // Every part sees the tables as they were before the statement. An event of a customer without a place and without
    // a day violates the day's NOT NULL: its creation is missing.
    private static final String MOVE = """
            WITH moving AS (
                SELECT new.created, new.merchant_id, coalesce(old.day, new.day) AS day, new.status, new.sequence,
                       old.day AS old_day, old.status AS old_status
                  FROM (SELECT merchant_id, day, status, sequence,
                               coalesce(created, (SELECT creation.position
                                                    FROM ledger.events AS creation
                                                   WHERE creation.aggregate_id = customer_id
                                                     AND creation.sequence = 0)) AS created
                          FROM unnest(?::text[], ?::bigint[], ?::text[], ?::date[], ?::text[], ?::integer[])
                               AS given (customer_id, created, merchant_id, day, status, sequence)) AS new
                  LEFT JOIN views.customer_statistics_places_N AS old ON old.created = new.created
                 WHERE old.sequence IS NULL OR old.sequence < new.sequence),
            placed AS (
                INSERT INTO views.customer_statistics_places_N AS old (created, day, sequence, status)
                SELECT created, day, sequence, status FROM moving
                    ON CONFLICT (created) DO UPDATE
                   SET status = excluded.status,
                       sequence = excluded.sequence),
            steps AS (
                SELECT merchant_id, day, status, 1 AS customers FROM moving
                 UNION ALL
                SELECT merchant_id, old_day, old_status, -1 FROM moving WHERE old_day IS NOT NULL)
            INSERT INTO views.customer_statistics_N AS old (merchant_id, day, status, customers)
            SELECT merchant_id, day, status, sum(customers)
              FROM steps
             GROUP BY merchant_id, day, status
            HAVING sum(customers) <> 0
                ON CONFLICT (merchant_id, day, status) DO UPDATE
               SET customers = old.customers + excluded.customers
            """;

    private static final String PLACE_MANY = "views.customer_statistics_places_N (created, day, sequence, status)";

    private static final int PLACE_COLUMNS = 4;

    private static final String COUNT = """
            INSERT INTO views.customer_statistics_N AS old (merchant_id, day, status, customers)
            SELECT * FROM unnest(?::text[], ?::date[], ?::text[], ?::bigint[])
             ORDER BY 1, 2, 3
                ON CONFLICT (merchant_id, day, status) DO UPDATE
               SET customers = old.customers + excluded.customers
            """;

    /** A creation's position and day. */
    private record Created(long position, LocalDate day) {}

    /** Where a customer is to be counted; the creation is known of those that the events create. */
    private record Place(String merchantId, @Nullable Created created, String status, int sequence) {

        boolean isCreated() {
            return created != null;
        }
    }

    /** What is counted together. */
    private record Group(String merchantId, LocalDate day, String status) {}

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
    public Projection projection(Generation generation) {
        ZoneId zone = generation.zone();
        String move = generation.sql(MOVE);
        String placeMany = generation.sql(PLACE_MANY);
        String count = generation.sql(COUNT);
        return (connection, events) -> {
            Map<String, Place> moved = places(events, zone);
            List<Place> created =
                    moved.values().stream().filter(Place::isCreated).toList();
            if (created.size() >= CopiedRows.WORTH_WHILE) {
                moved.values().removeIf(Place::isCreated);
                place(connection, created, placeMany);
                count(connection, created, count);
            }
            if (!moved.isEmpty()) {
                move(connection, moved, move);
            }
        };
    }

    private static void place(Connection connection, List<Place> places, String target) throws SQLException {
        CopiedRows.add(connection, target, places.size(), PLACE_COLUMNS, (rows, i) -> {
            Place place = places.get(i);
            Created created = Objects.requireNonNull(place.created());
            rows.bigint(created.position())
                    .date(created.day())
                    .integer(place.sequence())
                    .text(place.status());
        });
    }

    private static void count(Connection connection, List<Place> places, String sql) throws SQLException {
        Map<Group, Long> groups = new HashMap<>();
        for (Place place : places) {
            Created created = Objects.requireNonNull(place.created());
            Group group = new Group(place.merchantId(), created.day(), place.status());
            groups.merge(group, 1L, Long::sum);
        }
        List<Map.Entry<Group, Long>> all = List.copyOf(groups.entrySet());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(
                    1, all.stream().map(each -> each.getKey().merchantId()).toArray(String[]::new));
            statement.setObject(
                    2, all.stream().map(each -> each.getKey().day().toString()).toArray(String[]::new));
            statement.setObject(
                    3, all.stream().map(each -> each.getKey().status()).toArray(String[]::new));
            statement.setObject(4, all.stream().mapToLong(Map.Entry::getValue).toArray());
            statement.executeUpdate();
        }
    }

    /** By the ids of the customers whose status the events set, where each is to be counted after them. */
    private static Map<String, Place> places(List<RecordedEvent> events, ZoneId zone) {
        Map<String, Place> places = new LinkedHashMap<>();
        for (RecordedEvent recorded : events) {
            LedgerEvent event = recorded.event();
            Lookup status = status(event);
            if (status != null) {
                Place before = places.get(event.customerId());
                Created created = before == null ? null : before.created();
                if (event instanceof CustomerCreated) {
                    created = new Created(recorded.position(), LocalDate.ofInstant(event.at(), zone));
                }
                places.put(
                        event.customerId(), new Place(event.merchantId(), created, status.name(), recorded.sequence()));
            }
        }
        return places;
    }

    /** The status that an event sets, or null. */
    private static @Nullable Lookup status(LedgerEvent event) {
        if (event instanceof CustomerArchived) {
            return Lookup.ARCHIVED;
        }
        Object id = event.personal().fields().get(CustomerField.CUSTOMER_STATUS);
        if (id == null) {
            return null;
        }
        Lookup status = Lookup.find((String) id, Lookup.Type.CUSTOMER_STATUS);
        if (status == null) {
            throw new IllegalStateException("an event of " + event.customerId() + " sets a status that there is not");
        }
        return status;
    }

    private static void move(Connection connection, Map<String, Place> places, String sql) throws SQLException {
        int count = places.size();
        @Nullable Long[] positions = new Long[count];
        String[] merchants = new String[count];
        @Nullable String[] days = new String[count];
        String[] statuses = new String[count];
        int[] sequences = new int[count];
        int i = 0;
        for (Place place : places.values()) {
            Created created = place.created();
            positions[i] = created == null ? null : (Long) created.position();
            merchants[i] = place.merchantId();
            days[i] = created == null ? null : created.day().toString();
            statuses[i] = place.status();
            sequences[i] = place.sequence();
            i++;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            String[] ids = places.keySet().toArray(String[]::new);
            Parameters.set(statement, 1, ids, positions, merchants, days, statuses, sequences);
            statement.executeUpdate();
        }
    }
}
