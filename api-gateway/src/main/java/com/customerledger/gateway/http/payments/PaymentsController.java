package com.customerledger.gateway.http.payments;

import com.customerledger.events.command.StartPayments;
import com.customerledger.events.command.StopPayments;
import com.customerledger.events.query.Consistency;
import com.customerledger.events.query.RunningPayments;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.ErrorAnswerException;
import com.customerledger.gateway.http.request.Answers;
import com.customerledger.gateway.http.request.Calls;
import com.customerledger.gateway.http.request.Members;
import com.customerledger.gateway.http.request.QueryParameters;
import com.customerledger.gateway.http.request.Sides;
import com.customerledger.gateway.http.request.Writes;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Start and stop payments, and read those that run. Thread-safe. */
@Controller
@RequestMapping(produces = Answers.JSON)
final class PaymentsController {

    private static final Set<String> WRITING = Set.of();
    private static final Set<String> READING = Set.of("consistency");

    private final Writes writes;
    private final Sides sides;
    private final PaymentStartReader starts = new PaymentStartReader();
    private final PaymentStopReader stops = new PaymentStopReader();

    PaymentsController(Writes writes, Sides sides) {
        this.writes = writes;
        this.sides = sides;
    }

    @PostMapping("/customers/payments/start")
    void start(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryParameters.of(request, WRITING);
        writes.write(request, response, starts, StartPayments::new);
    }

    @PostMapping("/customers/payments/stop")
    void stop(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryParameters.of(request, WRITING);
        writes.write(request, response, stops, StopPayments::new);
    }

    @GetMapping("/customers/{id}/payments")
    void running(HttpServletRequest request, HttpServletResponse response, @PathVariable("id") String id)
            throws IOException {
        Consistency consistency = QueryParameters.of(request, READING).consistency();
        Optional<RunningPayments> found = Members.canBeCustomer(id)
                ? sides.queries().payments(Calls.key(request).merchantId(), id, consistency)
                : Optional.empty();
        RunningPayments payments = found.orElseThrow(
                () -> new ErrorAnswerException(ErrorAnswer.of(ErrorCode.NOT_FOUND, "There is no such customer")));
        if (consistency == Consistency.EVENTUAL) {
            response.setHeader(Answers.LAG, Long.toString(payments.lagMillis()));
        }
        Answers.results(response, payments.json());
    }
}
