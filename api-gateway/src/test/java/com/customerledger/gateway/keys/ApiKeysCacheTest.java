package com.customerledger.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.customerledger.events.UnavailableException;
import com.customerledger.gateway.keys.ApiKey.Kind;
import com.customerledger.gateway.keys.KeyTable.StoredKey;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is remembered, for how long, and what each answer costs: with a clock and a table that the test holds. */
class ApiKeysCacheTest {

    private static final Credentials RIGHT = Credentials.random();
    private static final ApiKey KEY = new ApiKey(RIGHT.key(), "mer_1", "k", Kind.READ_WRITE, null);

    private long nowNs = 1;
    private int lookUps;
    private boolean down;
    private Duration answerTakes = Duration.ZERO;
    private StoredKey stored = new StoredKey(KEY, Credentials.sha256(RIGHT.secret()), true);

    private final ApiKeys keys = new ApiKeys(this::lookUp, () -> nowNs);

    private StoredKey lookUp(String key) {
        lookUps++;
        nowNs += answerTakes.toNanos();
        if (down) {
            throw new UnavailableException("down", null);
        }
        return key.equals(RIGHT.key()) ? stored : new StoredKey(KEY, new byte[32], false);
    }

    private void pass(Duration time) {
        nowNs += time.toNanos();
    }

    private void disable() {
        stored = new StoredKey(KEY, Credentials.sha256(RIGHT.secret()), false);
    }

    @Test
    void aBusyKeyCostsOneLookUpEveryTwoSeconds() throws InvalidKeyException {
        for (int ms = 0; ms < 2_000; ms += 100) {
            assertThat(keys.authenticate(RIGHT.key(), RIGHT.secret())).isEqualTo(KEY);
            pass(Duration.ofMillis(100));
        }
        assertThat(lookUps).isEqualTo(1);

        keys.authenticate(RIGHT.key(), RIGHT.secret());
        assertThat(lookUps).isEqualTo(2);
    }

    @Test
    void aDisabledKeyIsRefusedTwoSecondsLaterAndThenAlways() throws InvalidKeyException {
        keys.authenticate(RIGHT.key(), RIGHT.secret());
        disable();
        pass(Duration.ofSeconds(2));

        assertRefused(RIGHT);
        down = true;
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> keys.authenticate(RIGHT.key(), RIGHT.secret()));
    }

    @Test
    void withoutTheDatabaseAKeyIsGoodForFiveSecondsAndNoLonger() throws InvalidKeyException {
        keys.authenticate(RIGHT.key(), RIGHT.secret());
        down = true;

        pass(Duration.ofMillis(4_999));
        assertThat(keys.authenticate(RIGHT.key(), RIGHT.secret())).isEqualTo(KEY);

        pass(Duration.ofMillis(1));
        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> keys.authenticate(RIGHT.key(), RIGHT.secret()));
    }

    @Test
    void theFiveSecondsHoldEvenIfTheDatabaseTakesLongToFail() throws InvalidKeyException {
        keys.authenticate(RIGHT.key(), RIGHT.secret());
        down = true;
        answerTakes = Duration.ofSeconds(2);
        pass(Duration.ofSeconds(4));

        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() -> keys.authenticate(RIGHT.key(), RIGHT.secret()));
    }

    @Test
    void aKeyIsAsOldAsTheQuestionNotAsTheAnswer() throws InvalidKeyException {
        answerTakes = Duration.ofMillis(1_500);
        keys.authenticate(RIGHT.key(), RIGHT.secret());

        pass(Duration.ofMillis(500));
        keys.authenticate(RIGHT.key(), RIGHT.secret());

        assertThat(lookUps).isEqualTo(2);
    }

    @Test
    void aWrongSecretIsNoBetterOffWhileTheDatabaseIsDown() throws InvalidKeyException {
        keys.authenticate(RIGHT.key(), RIGHT.secret());
        down = true;

        assertThatExceptionOfType(UnavailableException.class)
                .isThrownBy(() ->
                        keys.authenticate(RIGHT.key(), Credentials.random().secret()));
    }

    @Test
    void everythingThatIsWrongCostsTheSameOneLookUp() throws InvalidKeyException {
        keys.authenticate(RIGHT.key(), RIGHT.secret());
        Credentials never = Credentials.random();

        assertCostsOneLookUp(never);
        assertCostsOneLookUp(new Credentials(RIGHT.key(), never.secret()));
        assertCostsOneLookUp(new Credentials("", ""));
        assertCostsOneLookUp(new Credentials("not a key", never.secret()));
        pass(Duration.ofSeconds(3));
        disable();
        assertCostsOneLookUp(RIGHT);
        assertCostsOneLookUp(RIGHT);
    }

    private void assertCostsOneLookUp(Credentials wrong) {
        int before = lookUps;
        assertRefused(wrong);
        assertThat(lookUps - before).isEqualTo(1);
    }

    private void assertRefused(Credentials wrong) {
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> keys.authenticate(wrong.key(), wrong.secret()));
    }
}
