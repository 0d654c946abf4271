package com.customerledger.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.customerledger.gateway.http.Reply;
import com.customerledger.gateway.http.TestServer;
import com.customerledger.gateway.keys.ApiKey.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page to try the API from the browser; in a real one where this machine has it. */
class DocsPageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void thePageAndAllItAsksForNeedNoKeyAndComeFromHere() {
        Reply page = server.nobody().get("/docs");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        Matcher parts = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page.text());
        int found = 0;
        while (parts.find()) {
            if (!parts.group(1).equals("data:,")) {
                assertThat(parts.group(1)).startsWith("docs/");
                assertThat(server.nobody().get("/" + parts.group(1)).status())
                        .as(parts.group(1))
                        .isEqualTo(200);
                found++;
            }
        }
        assertThat(found).isEqualTo(3);
    }

    @Test
    void nothingElseIsToBeHadBesideThePage() {
        for (String path : new String[] {
            "/docs/",
            "/docs/openapi.yaml",
            "/docs/ApiDescription.class",
            "/docs/../docs/page.jsx",
            "/docs/swagger-ui.js"
        }) {
            Reply reply = server.nobody().get(path);
            assertThat(reply.status()).as(path).isIn(400, 404);
            assertThat(reply.code()).as(path).isIn("006", "007");
        }
        assertThat(server.nobody().get("/webjars/swagger-ui/swagger-ui.css").status())
                .isEqualTo(401);
    }

    @Test
    void aPersonCanAuthorizeAndTryACallInARealBrowser() throws IOException {
        Optional<Path> program = Chromium.program();
        assumeTrue(program.isPresent(), "this machine has no Chromium");
        TestServer.Caller merchant = server.key("browser", Kind.READ_WRITE);
        String reference = "FROM-A-BROWSER";
        assertThat(merchant.post(
                                "/customers/create",
                                "{\"records\":[{\"reference\":\"" + reference
                                        + "\",\"company_name\":\"Müller & Söhne\"}]}")
                        .status())
                .isEqualTo(200);
        String origin = "http://127.0.0.1:" + server.port() + "/";

        try (Chromium browser = new Chromium(program.get())) {
            browser.open(origin + "docs");
            appears(browser, "#operations-Customers-listCustomers");

            click(browser, ".authorize");
            appears(browser, "#auth-basic-username");
            String[] credentials = credentials(merchant);
            browser.type("#auth-basic-username", credentials[0]);
            browser.type("#auth-basic-password", credentials[1]);
            click(browser, ".modal-ux .auth-btn-wrapper .authorize");
            appears(browser, ".modal-ux .auth-btn-wrapper .btn-done");
            click(browser, ".modal-ux .auth-btn-wrapper .btn-done");

            click(browser, "#operations-Customers-listCustomers .opblock-summary-control");
            appears(browser, "#operations-Customers-listCustomers .try-out__btn");
            click(browser, "#operations-Customers-listCustomers .try-out__btn");
            appears(browser, "#operations-Customers-listCustomers .execute");
            click(browser, "#operations-Customers-listCustomers .execute");
            String answer = "#operations-Customers-listCustomers .live-responses-table tbody .response-col_description";
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(browser.evaluate("(document.querySelector('" + answer
                                    + "') || document.querySelector('#api')).innerText"))
                            .contains(reference, "Müller & Söhne"));

            assertThat(browser.evaluate("document.querySelectorAll('.opblock').length"))
                    .isEqualTo(Integer.toString(operations()));
            assertThat(browser.requests())
                    .anyMatch(url -> url.startsWith(origin + "customers/list"))
                    .allMatch(url ->
                            url.startsWith(origin) || url.startsWith("data:") || url.startsWith("blob:" + origin));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static String[] credentials(TestServer.Caller caller) {
        String basic = caller.authorization().strip().replace("Authorization: Basic ", "");
        return new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8).split(":", 2);
    }

    private static int operations() {
        int count = 0;
        for (var path : server.nobody().get("/openapi.json").json().get("paths")) {
            count += path.size();
        }
        return count;
    }

    private static void appears(Chromium browser, String selector) {
        await().atMost(PATIENCE)
                .until(() -> browser.evaluate("document.querySelector('" + selector + "') !== null")
                        .equals("true"));
    }

    private static void click(Chromium browser, String selector) {
        browser.evaluate("document.querySelector('" + selector + "').click()");
    }
}
