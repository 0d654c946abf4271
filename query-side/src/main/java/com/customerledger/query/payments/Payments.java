package com.customerledger.query.payments;

import com.customerledger.events.LedgerEvent;
import com.customerledger.events.PaymentStarted;
import com.customerledger.events.PaymentStopped;
import com.customerledger.query.database.Parameters;
import com.customerledger.query.tail.RecordedEvent;
import com.customerledger.query.view.Generation;
import com.customerledger.query.view.View;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Every payment of every customer, running or stopped. Whose details it was started with is said by the customer's
 * version at its start, not repeated here.
 */
public final class Payments implements View {

    /** The view's name. */
    public static final String NAME = "payments";

    private static final String TABLES = """
            CREATE TABLE views.payments_N (
                position         bigint      NOT NULL,
                started_at       timestamptz NOT NULL,
                customer_version integer     NOT NULL,
                running          boolean     NOT NULL,
                method           text        NOT NULL,
                merchant_id      text        COLLATE "C" NOT NULL,
                customer_id      text        COLLATE "C" NOT NULL,
                payment_id       text        COLLATE "C" NOT NULL,
                CONSTRAINT payments_key_N PRIMARY KEY (customer_id, payment_id)
            ) WITH (fillfactor = 90);
            """;

    private static final String START = """
            INSERT INTO views.payments_N
                   (position, started_at, customer_version, running, method, merchant_id, customer_id, payment_id)
            SELECT position, started_at, customer_version, true, method, merchant_id, customer_id, payment_id
              FROM unnest(?::bigint[], ?::timestamptz[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[])
                   AS started (position, started_at, customer_version, method, merchant_id, customer_id, payment_id)
                ON CONFLICT (customer_id, payment_id) DO NOTHING
            """;

    private static final String STOP = """
            UPDATE views.payments_N AS payment
               SET running = false
              FROM unnest(?::text[], ?::text[]) AS stopped (customer_id, payment_id)
             WHERE payment.customer_id = stopped.customer_id
               AND payment.payment_id = stopped.payment_id
               AND payment.running
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
    public boolean handles(String type) {
        return type.startsWith("Payment");
    }

    @Override
    public Projection projection(Generation generation) {
        String start = generation.sql(START);
        String stop = generation.sql(STOP);
        return (connection, events) -> {
            List<RecordedEvent> started = new ArrayList<>();
            List<PaymentStopped> stopped = new ArrayList<>();
            for (RecordedEvent recorded : events) {
                LedgerEvent event = recorded.event();
                if (event instanceof PaymentStarted) {
                    started.add(recorded);
                } else if (event instanceof PaymentStopped ended) {
                    stopped.add(ended);
                }
            }
            // A payment starts once and stops once, in this order, so that all starts can go before all stops.
            if (!started.isEmpty()) {
                start(connection, started, start);
            }
            if (!stopped.isEmpty()) {
                stop(connection, stopped, stop);
            }
        };
    }

    private static void start(Connection connection, List<RecordedEvent> started, String sql) throws SQLException {
        int count = started.size();
        long[] positions = new long[count];
        String[] startedAts = new String[count];
        int[] versions = new int[count];
        String[] methods = new String[count];
        String[] merchants = new String[count];
        String[] customers = new String[count];
        String[] payments = new String[count];
        for (int i = 0; i < count; i++) {
            PaymentStarted event = (PaymentStarted) started.get(i).event();
            positions[i] = started.get(i).position();
            startedAts[i] = event.at().toString();
            versions[i] = event.customerVersion();
            methods[i] = event.method().name();
            merchants[i] = event.merchantId();
            customers[i] = event.customerId();
            payments[i] = event.paymentId();
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Parameters.set(statement, 1, positions, startedAts, versions, methods, merchants, customers, payments);
            statement.executeUpdate();
        }
    }

    private static void stop(Connection connection, List<PaymentStopped> stopped, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(
                    1, stopped.stream().map(PaymentStopped::customerId).toArray(String[]::new));
            statement.setObject(
                    2, stopped.stream().map(PaymentStopped::paymentId).toArray(String[]::new));
            statement.executeUpdate();
        }
    }
}
