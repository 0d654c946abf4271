package com.customerledger.gateway.openapi;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /openapi.json} and the page {@code GET /docs}, for anybody. Thread-safe. */
@RestController
class DescriptionController {

    private static final int BATCH_RECORDS_MAX = 1_000;

    /** Nothing from elsewhere, and nothing inline but the styles that the page's library sets. */
    private static final String CONTENT_SECURITY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                    + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
              <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Customers API</title>
                <link rel="icon" href="data:,">
                <link rel="stylesheet" href="docs/swagger-ui.css">
              </head>
              <body>
                <div id="api"></div>
                <script src="docs/swagger-ui-bundle.js"></script>
                <script src="docs/page.js"></script>
              </body>
            </html>
            """;

    private final int recordsMax;
    private volatile byte @Nullable [] document;

    DescriptionController(Environment settings) {
        this.recordsMax = settings.getProperty("ledger.batch.max-records", Integer.class, BATCH_RECORDS_MAX);
    }

    @GetMapping("/openapi.json")
    ResponseEntity<byte[]> description() {
        byte[] made = document;
        if (made == null) {
            // Made when it is first asked for: a start should not wait for it.
            made = ApiDescription.of(recordsMax).toString().getBytes(StandardCharsets.UTF_8);
            document = made;
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .contentType(MediaType.APPLICATION_JSON)
                .body(made);
    }

    @GetMapping("/docs")
    ResponseEntity<String> page() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .header("Content-Security-Policy", CONTENT_SECURITY)
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .body(PAGE);
    }
}
