package com.customerledger.gateway.http.history;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.query.HistoryQueries;
import com.customerledger.events.query.HistoryQueries.Setting;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.ErrorAnswerException;
import com.customerledger.gateway.http.request.Answers;
import com.customerledger.gateway.http.request.Calls;
import com.customerledger.gateway.http.request.ListAnswer;
import com.customerledger.gateway.http.request.Members;
import com.customerledger.gateway.http.request.QueryParameters;
import com.customerledger.gateway.http.request.Sides;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** Read what happened to a customer, and who set its fields. Thread-safe. */
@Controller
@RequestMapping(produces = Answers.JSON)
final class HistoryController {

    private static final String LIMIT = "limit";
    private static final String CURSOR = "cursor";
    private static final Set<String> READING = Set.of(LIMIT, CURSOR);
    private static final int PAGE_EVENTS_MAX = 1_000;

    /** How many events of a whole history are in memory at once. */
    private static final int EVENTS_PER_READ = 500;

    private final Sides sides;
    private final Tellings tellings;

    HistoryController(Sides sides, Tellings tellings) {
        this.sides = sides;
        this.tellings = tellings;
    }

    @GetMapping("/customers/{id}/history")
    void history(HttpServletRequest request, HttpServletResponse response, @PathVariable("id") String id)
            throws IOException {
        QueryParameters parameters = QueryParameters.of(request, READING);
        Integer limit = parameters.integer(LIMIT, PAGE_EVENTS_MAX);
        String merchant = Calls.key(request).merchantId();
        int after = after(parameters, limit, merchant, id);
        ListAnswer answer = new ListAnswer(response, false);
        if (request.getMethod().equals(HttpMethod.HEAD.name())) {
            read(merchant, id, after, 1);
            answer.headers();
        } else if (limit == null) {
            whole(merchant, id, answer);
        } else {
            page(merchant, id, after, limit, answer);
        }
    }

    private int after(QueryParameters parameters, @Nullable Integer limit, String merchant, String id) {
        String cursor = parameters.text(CURSOR);
        if (cursor == null) {
            return HistoryQueries.BEGINNING;
        }
        if (limit == null) {
            throw QueryParameters.malformed(CURSOR, "sent with a limit");
        }
        Integer sequence = HistoryCursor.read(sides.feed().epoch(), merchant, id, cursor);
        if (sequence == null) {
            throw QueryParameters.malformed(CURSOR, "the next_cursor of this customer's history");
        }
        return sequence;
    }

    private void page(String merchant, String id, int after, int limit, ListAnswer answer) throws IOException {
        // One more than is asked for tells whether there are more.
        List<ToldEvent> events = read(merchant, id, after, limit + 1);
        List<ToldEvent> told = events.subList(0, Math.min(limit, events.size()));
        answer.begin(0);
        tell(told, answer);
        answer.end(
                told.size() < events.size()
                        ? HistoryCursor.write(
                                sides.feed().epoch(),
                                merchant,
                                id,
                                told.get(told.size() - 1).sequence())
                        : null);
    }

    /** Event follows event and none ever changes, so that the parts join to what the last of them saw. */
    private void whole(String merchant, String id, ListAnswer answer) throws IOException {
        List<ToldEvent> events = read(merchant, id, HistoryQueries.BEGINNING, EVENTS_PER_READ);
        answer.begin(0);
        tell(events, answer);
        while (events.size() == EVENTS_PER_READ) {
            int last = events.get(events.size() - 1).sequence();
            events = sides.history().history(merchant, id, last, EVENTS_PER_READ);
            tell(events, answer);
        }
        answer.end();
    }

    private void tell(List<ToldEvent> events, ListAnswer answer) throws IOException {
        for (ToldEvent event : events) {
            byte[] told = tellings.inHistory(event);
            answer.record(told, 0, told.length);
        }
    }

    /** At least one event: a customer has one, and a cursor is given where there are more. */
    private List<ToldEvent> read(String merchant, String id, int after, int limit) {
        List<ToldEvent> events =
                Members.canBeCustomer(id) ? sides.history().history(merchant, id, after, limit) : List.of();
        if (events.isEmpty()) {
            throw notFound();
        }
        return events;
    }

    @GetMapping("/customers/{id}/blame")
    void blame(HttpServletRequest request, HttpServletResponse response, @PathVariable("id") String id)
            throws IOException {
        QueryParameters.of(request, Set.of());
        Map<CustomerField, Setting> settings = Members.canBeCustomer(id)
                ? sides.history().blame(Calls.key(request).merchantId(), id)
                : Map.of();
        if (settings.isEmpty()) {
            throw notFound();
        }
        Answers.results(response, tellings.blame(settings));
    }

    private static ErrorAnswerException notFound() {
        return new ErrorAnswerException(ErrorAnswer.of(ErrorCode.NOT_FOUND, "There is no such customer"));
    }
}
