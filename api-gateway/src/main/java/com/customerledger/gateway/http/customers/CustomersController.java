package com.customerledger.gateway.http.customers;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.command.CreateCustomers;
import com.customerledger.events.command.UpdateCustomers;
import com.customerledger.events.customer.Lookup;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.FoundCustomer;
import com.customerledger.events.query.ListCustomers;
import com.customerledger.events.query.ListCustomers.Page;
import com.customerledger.events.query.ListCustomers.Place;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.ErrorAnswerException;
import com.customerledger.gateway.http.request.Answers;
import com.customerledger.gateway.http.request.Calls;
import com.customerledger.gateway.http.request.ListAnswer;
import com.customerledger.gateway.http.request.Members;
import com.customerledger.gateway.http.request.QueryParameters;
import com.customerledger.gateway.http.request.Sides;
import com.customerledger.gateway.http.request.Writes;
import com.customerledger.gateway.keys.ApiKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Create, update, list and read customers. Thread-safe. */
@Controller
@RequestMapping(produces = Answers.JSON)
final class CustomersController {

    private static final String LIMIT = "limit";
    private static final String CURSOR = "cursor";
    private static final String STATUS = "customer_status_lookups_id";
    private static final String DATE_START = "date_start";
    private static final String DATE_END = "date_end";
    private static final String AS_OF = "as_of";
    private static final String CONSISTENCY = "consistency";
    private static final String VERSIONS = "versions";

    private static final int PAGE_RECORDS_MAX = 1_000;
    private static final Set<String> WRITING = Set.of(VERSIONS);
    private static final Set<String> READING = Set.of(AS_OF, VERSIONS, CONSISTENCY);
    private static final Set<String> LISTING =
            Set.of(STATUS, DATE_START, DATE_END, AS_OF, LIMIT, CURSOR, VERSIONS, CONSISTENCY);

    private final Writes writes;
    private final Sides sides;
    private final NewCustomerReader newCustomers = new NewCustomerReader();
    private final CustomerUpdateReader updates = new CustomerUpdateReader();

    CustomersController(Writes writes, Sides sides) {
        this.writes = writes;
        this.sides = sides;
    }

    @PostMapping("/customers/create")
    void create(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean versions = QueryParameters.of(request, WRITING).versions();
        writes.write(
                request,
                response,
                newCustomers,
                (caller, idempotency, records) -> new CreateCustomers(caller, idempotency, records, versions));
    }

    @PostMapping("/customers/update")
    void update(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean versions = QueryParameters.of(request, WRITING).versions();
        writes.write(
                request,
                response,
                updates,
                (caller, idempotency, records) -> new UpdateCustomers(caller, idempotency, records, versions));
    }

    @GetMapping("/customers/list")
    void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ListCustomers query = listQuery(request);
        boolean headOnly = request.getMethod().equals(HttpMethod.HEAD.name());
        ListAnswer answer = new ListAnswer(response, query.consistency() == Consistency.EVENTUAL);
        Optional<Place> last;
        try {
            // HEAD asks for what comes before the records: one shows whether there would be an answer.
            last = sides.queries().list(headOnly ? page(query, new Page(1, null)) : query, answer);
        } catch (IOException failure) {
            if (answer.lost() == null && !response.isCommitted()) {
                throw new UnavailableException("The list's database failed", failure);
            }
            throw failure;
        }
        if (headOnly) {
            answer.headers();
        } else if (query.page() == null) {
            answer.end();
        } else {
            answer.end(last.map(place -> Cursor.write(query, sides.feed().epoch(), place))
                    .orElse(null));
        }
    }

    private ListCustomers listQuery(HttpServletRequest request) {
        QueryParameters parameters = QueryParameters.of(request, LISTING);
        ApiKey key = Calls.key(request);
        ListCustomers whole = new ListCustomers(
                key.merchantId(),
                key.key(),
                status(parameters),
                parameters.date(DATE_START),
                parameters.date(DATE_END),
                asOf(parameters),
                null,
                parameters.versions(),
                parameters.consistency());
        Integer limit = parameters.integer(LIMIT, PAGE_RECORDS_MAX);
        String cursor = parameters.text(CURSOR);
        if (limit == null) {
            if (cursor != null) {
                throw QueryParameters.malformed(CURSOR, "sent with a limit");
            }
            return whole;
        }
        Place after = cursor == null ? null : Cursor.read(whole, sides.feed().epoch(), cursor);
        if (cursor != null && after == null) {
            throw QueryParameters.malformed(
                    CURSOR, "the next_cursor of a list of this merchant with the same filters and moment");
        }
        return page(whole, new Page(limit, after));
    }

    private static ListCustomers page(ListCustomers list, Page page) {
        return new ListCustomers(
                list.merchantId(),
                list.key(),
                list.status(),
                list.dateStart(),
                list.dateEnd(),
                list.asOf(),
                page,
                list.withVersions(),
                list.consistency());
    }

    private @Nullable Instant asOf(QueryParameters parameters) {
        if (parameters.text(AS_OF) == null) {
            return null;
        }
        if (parameters.consistency() == Consistency.EVENTUAL) {
            throw QueryParameters.malformed(CONSISTENCY, "strong, with as_of: what was at a moment does not change");
        }
        return parameters.moment(AS_OF, sides.queries().zone(), Instant.now());
    }

    private static @Nullable Lookup status(QueryParameters parameters) {
        String id = parameters.text(STATUS);
        if (id == null) {
            return null;
        }
        Lookup status = Lookup.find(id, Lookup.Type.CUSTOMER_STATUS);
        if (status == null) {
            throw QueryParameters.malformed(STATUS, "the id of a lookup of type customer_status");
        }
        return status;
    }

    /** The pattern leaves the paths of other calls alone, so that they answer 405 to GET. */
    @GetMapping("/customers/{id:cus_.*}")
    void get(HttpServletRequest request, HttpServletResponse response, @PathVariable("id") String id)
            throws IOException {
        QueryParameters parameters = QueryParameters.of(request, READING);
        boolean versions = parameters.versions();
        Consistency consistency = parameters.consistency();
        Instant asOf = asOf(parameters);
        String merchant = Calls.key(request).merchantId();
        Optional<FoundCustomer> found = Optional.empty();
        if (Members.canBeCustomer(id)) {
            found = asOf == null
                    ? sides.queries().find(merchant, id, versions, consistency)
                    : sides.queries().findAsOf(merchant, id, asOf, versions);
        }
        FoundCustomer customer = found.orElseThrow(
                () -> new ErrorAnswerException(ErrorAnswer.of(ErrorCode.NOT_FOUND, "There is no such customer")));
        if (consistency == Consistency.EVENTUAL) {
            response.setHeader(Answers.LAG, Long.toString(customer.lagMillis()));
        }
        String tag = '"' + Integer.toString(customer.version()) + '"';
        if (Preconditions.unmet(request, tag)) {
            throw new ErrorAnswerException(ErrorAnswer.of(HttpServletResponse.SC_PRECONDITION_FAILED));
        }
        response.setHeader(HttpHeaders.ETAG, tag);
        if (Preconditions.notModified(request, tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        Answers.result(response, customer.json());
    }
}
