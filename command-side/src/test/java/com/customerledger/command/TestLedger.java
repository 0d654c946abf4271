package com.customerledger.command;

import com.customerledger.command.database.embedded.DatabaseAccess;
import com.customerledger.command.database.embedded.TestPostgres;
import com.customerledger.events.EventCodec;
import com.customerledger.events.LedgerEvent;
import com.customerledger.events.command.Answer;
import com.customerledger.events.command.Caller;
import com.customerledger.events.command.Command;
import com.customerledger.events.command.Commands;
import com.customerledger.events.command.CreateCustomers;
import com.customerledger.events.command.CreateCustomers.NewCustomer;
import com.customerledger.events.command.Idempotency;
import com.customerledger.events.command.UpdateCustomers;
import com.customerledger.events.command.UpdateCustomers.CustomerUpdate;
import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A write side of its own on a database of its own, put together as a server does it. */
public final class TestLedger implements AutoCloseable {

    public static final Caller CALLER = new Caller("mer_one", "key_one", "req_one", null, null);

    private final DatabaseAccess access;
    private final ConfigurableApplicationContext context;
    private final Commands commands;
    private final JdbcTemplate owner;

    public TestLedger(Path dataDirectory, String... properties) {
        this(TestPostgres.newDatabase(), dataDirectory, properties);
    }

    public TestLedger(DatabaseAccess access, Path dataDirectory, String... properties) {
        this.access = access;
        List<String> all = new ArrayList<>(List.of(
                "ledger.serve=true",
                "ledger.data-dir=" + dataDirectory,
                "ledger.database.url=" + access.jdbcUrl(),
                "ledger.database.user=" + access.application().user(),
                "ledger.database.password=" + access.application().password(),
                "ledger.database.owner-user=" + access.owner().user(),
                "ledger.database.owner-password=" + access.owner().password()));
        all.addAll(List.of(properties));
        this.context = new SpringApplicationBuilder(
                        com.customerledger.command.database.DatabaseAutoConfiguration.class,
                        CommandSideAutoConfiguration.class)
                .web(WebApplicationType.NONE)
                .properties(all.toArray(String[]::new))
                .run();
        this.commands = context.getBean(Commands.class);
        this.owner = new JdbcTemplate(new DriverManagerDataSource(
                access.jdbcUrl(), access.owner().user(), access.owner().password()));
    }

    public Commands commands() {
        return commands;
    }

    /** Statements of the owner's role. */
    public JdbcTemplate owner() {
        return owner;
    }

    public DatabaseAccess access() {
        return access;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Empties the ledger, as only the tables' owner can who switches the triggers off. */
    void clear() {
        owner.execute("ALTER TABLE ledger.events DISABLE TRIGGER events_never_change");
        owner.execute(
                "TRUNCATE ledger.events, ledger.reference_claims, ledger.payment_claims, ledger.idempotency_keys");
        owner.execute("ALTER TABLE ledger.events ENABLE TRIGGER events_never_change");
    }

    /** The answer's body to a command that succeeds. */
    public String execute(Command command) {
        Answer answer = commands.execute(command);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    public static CreateCustomers creation(NewCustomer... records) {
        return new CreateCustomers(CALLER, null, List.of(records), false);
    }

    public static CreateCustomers creation(@Nullable Idempotency idempotency, NewCustomer... records) {
        return new CreateCustomers(CALLER, idempotency, List.of(records), false);
    }

    public static UpdateCustomers update(CustomerUpdate... records) {
        return new UpdateCustomers(CALLER, null, List.of(records), true);
    }

    /** A customer with a company's name. */
    public static NewCustomer customer(String id, String reference) {
        return new NewCustomer(
                id,
                FieldChanges.of(Map.of(CustomerField.REFERENCE, reference, CustomerField.COMPANY_NAME, "Meteor Ltd")),
                List.of());
    }

    public static CustomerUpdate change(String id, CustomerField field, @Nullable Object value) {
        return new CustomerUpdate(id, FieldChanges.none().with(field, value), null, List.of());
    }

    /** What is stored, in the store's order. */
    public List<LedgerEvent> events() {
        return owner.query(
                "SELECT type, revision, aggregate_id, occurred_at, payload FROM ledger.events ORDER BY position",
                (row, index) -> EventCodec.event(
                        row.getString(1),
                        row.getInt(2),
                        row.getString(3),
                        row.getTimestamp(4).toInstant(),
                        row.getString(5)));
    }

    /** A connection of the application's role, beside the pool. */
    public java.sql.Connection connect() throws SQLException {
        return DriverManager.getConnection(
                access.jdbcUrl(),
                access.application().user(),
                access.application().password());
    }

    @Override
    public void close() {
        context.close();
    }
}
