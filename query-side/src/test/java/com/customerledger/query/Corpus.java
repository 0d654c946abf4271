package com.customerledger.query;

import com.customerledger.events.CustomerArchived;
import com.customerledger.events.EventCodec;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentMethod;
import com.customerledger.events.Personal;
import com.customerledger.events.Positions;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.json.Json;
import com.customerledger.events.json.JsonValue;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A fixed history: the golden file of each revision of each event, all of one customer, and events of today of some more
 * customers. The same to the byte each time that it is stored.
 */
public final class Corpus {

    private static final String METADATA = "{\"key\":\"key_one\",\"request_id\":\"req_one\"}";

    private static final Instant DAY = Instant.parse("2026-03-01T21:59:59.999999Z");

    private Corpus() {}

    /** An event as it is stored, but for its place. */
    private record Row(String type, int revision, String customerId, Instant at, String payload, String metadata) {

        static Row of(LedgerEvent event) {
            return new Row(
                    EventCodec.type(event),
                    EventCodec.revision(event),
                    event.customerId(),
                    event.at(),
                    EventCodec.payload(event),
                    METADATA);
        }
    }

    /** Stores all of it, two events a transaction. */
    public static void store(TestStore store) throws IOException, URISyntaxException, SQLException {
        List<Row> rows = new ArrayList<>(golden());
        today().map(Row::of).forEach(rows::add);
        Map<String, Integer> sequences = new HashMap<>();
        try (Connection connection = store.connect();
                PreparedStatement statement = connection.prepareStatement("""
                        INSERT INTO ledger.events
                               (position, event_id, aggregate_id, sequence, type, revision, occurred_at, payload, metadata)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)) {
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                statement.setLong(1, Positions.of(i / 2 + 1, i % 2));
                statement.setObject(2, UUID.nameUUIDFromBytes(("event " + i).getBytes(StandardCharsets.UTF_8)));
                statement.setString(3, row.customerId());
                statement.setInt(4, sequences.merge(row.customerId(), 0, (before, zero) -> before + 1));
                statement.setString(5, row.type());
                statement.setInt(6, row.revision());
                statement.setObject(7, OffsetDateTime.ofInstant(row.at(), ZoneOffset.UTC));
                statement.setString(8, row.payload());
                statement.setString(9, row.metadata());
                statement.addBatch();
            }
            statement.executeBatch();
        }
        store.burnNumbers(rows.size() / 2 + 1);
    }

    /** The golden events by their time, each customer's creation first. */
    private static List<Row> golden() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(Corpus.class.getResource("/golden"));
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(folder.toURI()))) {
            files = all.sorted().toList();
        }
        List<Row> rows = new ArrayList<>();
        for (Path file : files) {
            rows.add(read(file));
        }
        rows.sort(Comparator.comparing(Row::at).thenComparing(row -> !row.type().equals("CustomerCreated")));
        return rows;
    }

    private static Row read(Path file) throws IOException {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = Json.parser(Files.readString(file))) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(
                        name,
                        JsonValue.read(parser) instanceof JsonValue.Container container
                                ? container.compact()
                                : parser.getString());
            }
        }
        return new Row(
                member(members, "type"),
                Integer.parseInt(member(members, "revision")),
                member(members, "aggregate_id"),
                Instant.parse(member(members, "occurred_at")),
                member(members, "payload"),
                member(members, "metadata"));
    }

    private static String member(Map<String, String> members, String name) {
        return Objects.requireNonNull(members.get(name), name);
    }

    private static Stream<LedgerEvent> today() {
        Instant next = DAY.plusNanos(1_000);
        return Stream.of(
                TestStore.created("cus_a", DAY, "1"),
                TestStore.created("cus_b", next, "2"),
                TestStore.created("mer_two", "cus_c", next, "1"),
                TestStore.created("cus_d", next, "4"),
                new CustomerArchived("cus_d", TestStore.MERCHANT, next, true, nothing()),
                TestStore.updated("cus_a", next, CustomerField.CUSTOMER_STATUS, Lookup.DISABLED.id()),
                TestStore.updated("cus_a", next, CustomerField.EMAIL, "a@shop.example"),
                TestStore.archived("cus_a", next.plusSeconds(1)),
                TestStore.restored("cus_a", next.plusSeconds(2)),
                TestStore.updated("cus_a", next.plusSeconds(2), CustomerField.EMAIL, null),
                TestStore.started("cus_b", next, "pay_1", PaymentMethod.EFT, 1),
                TestStore.started("cus_b", next, "pay_2", PaymentMethod.DEBICHECK, 1),
                TestStore.updated("cus_b", next.plusSeconds(3), CustomerField.POSTAL_CODE, 1),
                TestStore.stopped("cus_b", next.plusSeconds(4), "pay_1"),
                TestStore.archived("cus_b", next.plusSeconds(5)));
    }

    private static Personal nothing() {
        return new Personal(FieldChanges.none(), null, null);
    }
}
