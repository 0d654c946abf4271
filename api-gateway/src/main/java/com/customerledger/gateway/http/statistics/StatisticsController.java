package com.customerledger.gateway.http.statistics;

import com.customerledger.events.json.Json;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.CustomerCounts;
import com.customerledger.gateway.http.request.Answers;
import com.customerledger.gateway.http.request.Calls;
import com.customerledger.gateway.http.request.QueryParameters;
import com.customerledger.gateway.http.request.Sides;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Tells merchants how many customers they have. Thread-safe. */
@Controller
@RequestMapping(produces = Answers.JSON)
final class StatisticsController {

    private static final String DATE_START = "date_start";
    private static final String DATE_END = "date_end";
    private static final Set<String> COUNTING = Set.of(DATE_START, DATE_END, "consistency");

    private final Sides sides;

    StatisticsController(Sides sides) {
        this.sides = sides;
    }

    @GetMapping("/customers/statistics")
    void count(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryParameters parameters = QueryParameters.of(request, COUNTING);
        Consistency consistency = parameters.consistency();
        CustomerCounts counts = sides.statistics()
                .count(
                        Calls.key(request).merchantId(),
                        parameters.date(DATE_START),
                        parameters.date(DATE_END),
                        consistency);
        if (consistency == Consistency.EVENTUAL) {
            response.setHeader(Answers.LAG, Long.toString(counts.lagMillis()));
        }
        Answers.parked(response, counts.parkedCustomers());
        Answers.results(response, json(counts));
    }

    private static byte[] json(CustomerCounts counts) {
        return Json.text(out -> {
                    out.writeStartArray();
                    for (CustomerCounts.Count count : counts.counts()) {
                        out.writeStartObject();
                        out.writeStringProperty("date", count.day().toString());
                        out.writeStringProperty(
                                "customer_status_lookups_id", count.status().id());
                        out.writeNumberProperty("customers", count.customers());
                        out.writeEndObject();
                    }
                    out.writeEndArray();
                })
                .getBytes(StandardCharsets.UTF_8);
    }
}
