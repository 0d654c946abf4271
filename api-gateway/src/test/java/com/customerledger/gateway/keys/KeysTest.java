package com.customerledger.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {

    private static final LedgerDatabase DATABASE = TestDatabases.embedded();
    private static final GatewayDatabase GATEWAY = new GatewayDatabase(DATABASE);
    private static final GatewayDatabase OTHER_NODE = new GatewayDatabase(DATABASE);

    private final ApiKeys keys = new ApiKeys(GATEWAY);
    private final KeyRegister register = new KeyRegister(GATEWAY);

    @AfterAll
    static void close() {
        GATEWAY.close();
        OTHER_NODE.close();
    }

    @Test
    void aNewKeyWorksAtOnceOnEveryNode() throws InvalidKeyException {
        Credentials made = register.create("acme", "tills", Kind.READ_WRITE, 50);

        ApiKey key = new ApiKeys(OTHER_NODE).authenticate(made.key(), made.secret());

        assertThat(keys.authenticate(made.key(), made.secret())).isEqualTo(key);
        assertThat(key.key()).isEqualTo(made.key());
        assertThat(key.merchantId()).startsWith("mer_");
        assertThat(key.name()).isEqualTo("tills");
        assertThat(key.kind()).isEqualTo(Kind.READ_WRITE);
        assertThat(key.ratePerSecond()).isEqualTo(50);
    }

    @Test
    void aKeyThatWasRefusedBeforeItWasMadeIsNotRefusedAfterwards() throws InvalidKeyException {
        Credentials later = Credentials.random();
        assertRefused(later.key(), later.secret());

        GATEWAY.inTransaction(client -> {
            KeyTable.insert(client, later, KeyTable.merchant(client, "late"), "k", Kind.READ_ONLY, null);
            return null;
        });

        assertThat(keys.authenticate(later.key(), later.secret()).kind()).isEqualTo(Kind.READ_ONLY);
    }

    @Test
    void keysOfOneMerchantShareItsIdAndThoseOfAnotherDoNot() throws InvalidKeyException {
        Credentials first = register.create("one", "a", Kind.READ_WRITE, null);
        Credentials second = register.create("one", "b", Kind.PAYMENTS, null);
        Credentials foreign = register.create("two", "a", Kind.READ_WRITE, null);

        String one = keys.authenticate(first.key(), first.secret()).merchantId();
        assertThat(keys.authenticate(second.key(), second.secret()).merchantId())
                .isEqualTo(one);
        assertThat(keys.authenticate(foreign.key(), foreign.secret()).merchantId())
                .isNotEqualTo(one);
    }

    @Test
    void whateverIsWrongIsRefusedWithoutAWordAboutIt() {
        Credentials right = register.create("acme", "k", Kind.READ_WRITE, null);
        Credentials disabled = register.create("acme", "k", Kind.READ_WRITE, null);
        register.disable(disabled.key());
        Credentials never = Credentials.random();

        assertRefused(null, null);
        assertRefused(right.key(), null);
        assertRefused(null, right.secret());
        assertRefused(right.key(), "");
        assertRefused(right.key(), never.secret());
        assertRefused(right.key(), right.secret() + "A");
        assertRefused(right.key(), disabled.secret());
        assertRefused(never.key(), right.secret());
        assertRefused(disabled.key(), disabled.secret());
        assertRefused("", "");
        assertRefused("key_\0", "\0");
        assertRefused("' OR true --", "\ud800");
        assertRefused("é".repeat(10_000), "é".repeat(10_000));
    }

    @Test
    void aWrongSecretDoesNotSpoilARightOne() throws InvalidKeyException {
        Credentials right = register.create("acme", "k", Kind.READ_WRITE, null);
        keys.authenticate(right.key(), right.secret());

        assertRefused(right.key(), Credentials.random().secret());

        assertThat(keys.authenticate(right.key(), right.secret()).key()).isEqualTo(right.key());
    }

    @Test
    void aSecretIsStoredAsItsHashOnly() throws SQLException {
        Credentials made = register.create("acme", "k", Kind.READ_WRITE, null);

        List<String> rows = new ArrayList<>();
        try (Connection connection = owner();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT k::text FROM gateway.api_keys AS k")) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }

        assertThat(rows).anyMatch(row -> row.contains(made.key())).noneMatch(row -> row.contains(made.secret()));
    }

    @Test
    void neitherPartHasAColonOrABlankAndTextsForLogsHaveNoSecret() {
        Credentials made = register.create("acme", "k", Kind.READ_WRITE, null);

        assertThat(made.key()).matches("key_[A-Za-z0-9_-]{21}");
        assertThat(made.secret()).matches("[A-Za-z0-9_-]{43}");
        assertThat(made.text()).isEqualTo(made.key() + ":" + made.secret());
        assertThat(made.toString()).doesNotContain(made.secret());
    }

    @Test
    void aMerchantThatManyNodesMakeAtOnceIsMadeOnce() throws Exception {
        int makers = 8;
        CyclicBarrier together = new CyclicBarrier(makers);
        ExecutorService threads = Executors.newFixedThreadPool(makers);
        try {
            List<Callable<Credentials>> all = new ArrayList<>();
            for (int i = 0; i < makers; i++) {
                KeyRegister each = new KeyRegister(i % 2 == 0 ? GATEWAY : OTHER_NODE);
                all.add(() -> {
                    together.await();
                    return each.create("everybody's", "k", Kind.READ_WRITE, null);
                });
            }
            List<String> merchants = new ArrayList<>();
            for (Future<Credentials> each : threads.invokeAll(all)) {
                merchants.add(
                        keys.authenticate(each.get().key(), each.get().secret()).merchantId());
            }
            assertThat(merchants).hasSize(makers).containsOnly(merchants.get(0));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theListHasEveryKeyWithItsStateAndNoSecret() {
        Credentials one = register.create("list & Söhne", "tills", Kind.READ_ONLY, 7);
        Credentials two = register.create("list & Söhne", "platform", Kind.PAYMENTS, null);
        assertThat(register.disable(two.key())).isTrue();

        List<ListedKey> listed = register.list().stream()
                .filter(each -> each.merchant().equals("list & Söhne"))
                .toList();

        assertThat(listed).extracting(ListedKey::key).containsExactly(one.key(), two.key());
        assertThat(listed).extracting(ListedKey::name).containsExactly("tills", "platform");
        assertThat(listed).extracting(ListedKey::kind).containsExactly(Kind.READ_ONLY, Kind.PAYMENTS);
        assertThat(listed).extracting(ListedKey::ratePerSecond).containsExactly(7, null);
        assertThat(listed.get(0).disabledAt()).isNull();
        assertThat(listed.get(1).disabledAt()).isNotNull();
    }

    @Test
    void disablingTwiceIsDisablingOnceAndAnUnknownKeyIsSaidToBeUnknown() {
        Credentials made = register.create("acme", "k", Kind.READ_WRITE, null);

        assertThat(register.disable(made.key())).isTrue();
        assertThat(register.disable(made.key())).isTrue();

        assertThat(register.disable(Credentials.random().key())).isFalse();
        assertThat(register.disable("nonsense\0")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u0000", "a\u0085b", "\ud800", "a\u2028b"})
    void aNameThatCouldNotBeShownOnOneLineIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> register.create(name, "k", Kind.READ_WRITE, null))
                .withMessageStartingWith("merchant: ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> register.create("acme", name, Kind.READ_WRITE, null))
                .withMessageStartingWith("name: ");
    }

    @Test
    void aNameHasAtMost128CodePoints() {
        assertThat(KeyRegister.fault("😀".repeat(128))).isNull();
        assertThat(KeyRegister.fault("😀".repeat(129))).contains("128");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1_000_001})
    void aRateIsFromOneToAMillion(int rate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> register.create("acme", "k", Kind.READ_WRITE, rate))
                .withMessageStartingWith("rate: ");
    }

    @Test
    void theApplicationCanNeitherRemoveKeysNorChangeSecrets() throws SQLException {
        register.create("acme", "k", Kind.READ_WRITE, null);
        try (Connection connection = DriverManager.getConnection(
                        DATABASE.url(),
                        DATABASE.application().user(),
                        DATABASE.application().password());
                Statement statement = connection.createStatement()) {
            for (String forbidden : List.of(
                    "DELETE FROM gateway.api_keys",
                    "UPDATE gateway.api_keys SET secret_sha256 = ''",
                    "UPDATE gateway.api_keys SET merchant_id = ''",
                    "DELETE FROM gateway.merchants",
                    "TRUNCATE gateway.first_start")) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(() -> statement.execute(forbidden))
                        .matches(refused -> "42501".equals(refused.getSQLState()));
            }
        }
    }

    private void assertRefused(@Nullable String key, @Nullable String secret) {
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> keys.authenticate(key, secret))
                .withMessage("Invalid API key");
    }

    private static Connection owner() throws SQLException {
        return DriverManager.getConnection(
                DATABASE.url(), DATABASE.owner().user(), DATABASE.owner().password());
    }
}
