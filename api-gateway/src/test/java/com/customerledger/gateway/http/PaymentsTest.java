package com.customerledger.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.gateway.http.TestServer.Caller;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Payments that start and stop, as they are asked for over HTTP. */
class PaymentsTest {

    private static final TestServer SERVER = TestServer.shared();
    private static final Caller MERCHANT = SERVER.key("payments", Kind.READ_WRITE);
    private static final Caller PLATFORM = SERVER.key("payments", Kind.PAYMENTS);
    private static final String START = "/customers/payments/start";
    private static final String STOP = "/customers/payments/stop";

    private static String customer() {
        return MERCHANT.post("/customers/create", Bodies.records(Bodies.person()))
                .at("/results/0/id");
    }

    private static String start(String payment, String customer, String method) {
        return Bodies.records("{\"payment_id\":\"" + payment + "\",\"customer_id\":\"" + customer + "\",\"method\":\""
                + method + "\"}");
    }

    private static String stop(String payment, String customer) {
        return Bodies.records("{\"payment_id\":\"" + payment + "\",\"customer_id\":\"" + customer + "\"}");
    }

    @Test
    void aPaymentStartsRunsAndStops() {
        String customer = customer();
        String payment = Bodies.reference();

        Reply started = PLATFORM.post(START, start(payment, customer, "EFT"));
        Reply running = MERCHANT.get("/customers/" + customer + "/payments");
        Reply guarded = MERCHANT.post(
                "/customers/update",
                Bodies.records(
                        "{\"id\":\"" + customer + "\",\"customer_status_lookups_id\":\"loo__uFIgkKYFm89AIF_3aBna\"}"));
        Reply stopped = PLATFORM.post(STOP, stop(payment, customer));

        assertThat(started.text())
                .isEqualTo("{\"status\":true,\"results\":[{\"payment_id\":\"" + payment + "\",\"customer_id\":\""
                        + customer + "\",\"method\":\"EFT\",\"state\":\"running\"}]}");
        assertThat(running.at("/results/0/payment_id")).isEqualTo(payment);
        assertThat(running.at("/results/0/customer/id")).isEqualTo(customer);
        assertThat(guarded.status()).isEqualTo(409);
        assertThat(guarded.code()).isEqualTo("008");
        assertThat(guarded.at("/error_details/0/errors/customer_status_lookups_id/rule"))
                .isEqualTo("running_payments");
        assertThat(stopped.at("/results/0/state")).isEqualTo("stopped");
        assertThat(MERCHANT.get("/customers/" + customer + "/payments").text())
                .isEqualTo("{\"status\":true,\"results\":[]}");
        assertThat(PLATFORM.post(START, start(payment, customer, "EFT")).at("/results/0/state"))
                .isEqualTo("stopped");
    }

    static Stream<Arguments> faultyStarts() {
        return Stream.of(
                Arguments.of("{}", "payment_id", "003", "required"),
                Arguments.of("{}", "customer_id", "003", "required"),
                Arguments.of("{}", "method", "003", "required"),
                Arguments.of("{\"payment_id\":null}", "payment_id", "003", "required"),
                Arguments.of("{\"payment_id\":1}", "payment_id", "003", "type"),
                Arguments.of("{\"customer_id\":[]}", "customer_id", "003", "type"),
                Arguments.of("{\"method\":1}", "method", "003", "type"),
                Arguments.of("{\"method\":null}", "method", "003", "required"),
                Arguments.of("{#,\"method\":\"EFT\",\"payment_id\":\"\"}", "payment_id", "005", "blank"),
                Arguments.of("{#,\"method\":\"EFT\",\"payment_id\":\" \"}", "payment_id", "005", "blank"),
                Arguments.of("{#,\"method\":\"EFT\",\"payment_id\":\"a\\u0000\"}", "payment_id", "005", "characters"),
                Arguments.of(
                        "{#,\"method\":\"EFT\",\"payment_id\":\"" + "x".repeat(65) + "\"}",
                        "payment_id",
                        "005",
                        "length"),
                Arguments.of("{#,\"payment_id\":\"a\",\"method\":\"eft\"}", "method", "005", "method"),
                Arguments.of("{#,\"payment_id\":\"a\",\"method\":\"\"}", "method", "005", "method"),
                Arguments.of(
                        "{\"payment_id\":\"a\",\"method\":\"EFT\",\"customer_id\":\"x\"}",
                        "customer_id",
                        "007",
                        "not_found"),
                Arguments.of(
                        "{\"payment_id\":\"a\",\"method\":\"EFT\",\"customer_id\":\"cus_aaaaaaaaaaaaaaaaaaaaa\"}",
                        "customer_id",
                        "007",
                        "not_found"),
                Arguments.of(
                        "{#,\"payment_id\":\"a\",\"method\":\"EFT\",\"state\":\"running\"}", "state", "003", "unknown"),
                Arguments.of(
                        "{#,\"payment_id\":\"a\",\"method\":\"EFT\",\"created_at\":1}",
                        "created_at",
                        "003",
                        "unknown"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("faultyStarts")
    void aFaultyStartIsTold(String record, String field, String code, String rule) {
        Reply reply =
                PLATFORM.post(START, Bodies.records(record.replace("#", "\"customer_id\":\"" + customer() + "\"")));

        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.json()
                        .at("/error_details/0/errors")
                        .get(field)
                        .get("rule")
                        .asString())
                .isEqualTo(rule);
    }

    @Test
    void aStopHasNoMethodAndAnUnknownOneIsNotFound() {
        String customer = customer();

        assertThat(PLATFORM.post(STOP, start("x", customer, "EFT")).code()).isEqualTo("003");
        Reply unknown = PLATFORM.post(STOP, stop("never-" + Bodies.reference(), customer));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.code()).isEqualTo("007");
    }

    @Test
    void theSamePaymentForAnotherCustomerOrMethodIs409() {
        String customer = customer();
        String payment = Bodies.reference();
        PLATFORM.post(START, start(payment, customer, "EFT"));

        assertThat(PLATFORM.post(START, start(payment, customer, "EFT")).status())
                .isEqualTo(200);
        assertThat(PLATFORM.post(START, start(payment, customer, "DEBICHECK")).status())
                .isEqualTo(409);
        assertThat(PLATFORM.post(START, start(payment, customer(), "EFT")).status())
                .isEqualTo(409);
    }

    @Test
    void debiCheckNamesEachFieldThatIsMissing() {
        String company = MERCHANT.post("/customers/create", Bodies.records(Bodies.company()))
                .at("/results/0/id");

        Reply reply = PLATFORM.post(START, start(Bodies.reference(), company, "DEBICHECK"));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.code()).isEqualTo("005");
        assertThat(reply.json().at("/error_details/0/errors").propertyNames())
                .contains("person_name", "person_surname", "id_type_lookups_id", "id_number", "contact_number");
        assertThat(PLATFORM.post(START, start(Bodies.reference(), customer(), "DEBICHECK"))
                        .status())
                .isEqualTo(200);
    }
}
