package com.customerledger.gateway.http.ledger;

import com.customerledger.events.json.Json;
import com.customerledger.events.query.SealQueries.EpochKey;
import com.customerledger.events.query.SealQueries.SignedCheckpoint;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.ErrorAnswerException;
import com.customerledger.gateway.http.request.Answers;
import com.customerledger.gateway.http.request.Calls;
import com.customerledger.gateway.http.request.Members;
import com.customerledger.gateway.http.request.QueryParameters;
import com.customerledger.gateway.http.request.Sides;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** Receipts, checkpoints and keys. Thread-safe. */
@Controller
final class LedgerController {

    private static final String SIZE = "size";
    private static final String AFTER = "after";
    private static final int DIGITS_MAX = 18;

    private final Sides sides;

    LedgerController(Sides sides) {
        this.sides = sides;
    }

    @GetMapping(
            path = "/ledger/checkpoint",
            produces = {Answers.JSON, PlainText.TYPE})
    void checkpoint(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Long size = number(QueryParameters.of(request, Set.of(SIZE)), SIZE, 1);
        SignedCheckpoint checkpoint;
        if (size == null) {
            checkpoint = sides.seal().newest().orElseThrow(() -> missing("No event is sealed yet"));
        } else {
            checkpoint = sides.seal()
                    .covering(size)
                    .orElseThrow(() -> QueryParameters.malformed(SIZE, "a number of events that are sealed"));
        }
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        if (PlainText.isWanted(request)) {
            PlainText.write(response, checkpoint.note());
        } else {
            Answers.result(response, json(checkpoint));
        }
    }

    private static byte[] json(SignedCheckpoint checkpoint) {
        return Json.text(out -> {
                    out.writeStartObject();
                    out.writeNumberProperty("epoch", checkpoint.epoch());
                    out.writeStringProperty("origin", checkpoint.origin());
                    out.writeNumberProperty("size", checkpoint.size());
                    out.writeStringProperty("root", checkpoint.root());
                    out.writeStringProperty("checkpoint", checkpoint.note());
                    out.writeEndObject();
                })
                .getBytes(StandardCharsets.UTF_8);
    }

    @GetMapping(
            path = "/ledger/key",
            produces = {Answers.JSON, PlainText.TYPE})
    void key(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryParameters.of(request, Set.of());
        List<EpochKey> keys = sides.seal().keys();
        if (keys.isEmpty()) {
            throw missing("No event is sealed yet");
        }
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        if (PlainText.isWanted(request)) {
            PlainText.write(response, keys.get(0).pem());
        } else {
            Answers.results(response, json(keys));
        }
    }

    private static byte[] json(List<EpochKey> keys) {
        return Json.text(out -> {
                    out.writeStartArray();
                    for (EpochKey key : keys) {
                        out.writeStartObject();
                        out.writeNumberProperty("epoch", key.epoch());
                        out.writeNumberProperty("first_size", key.firstSize());
                        out.writeStringProperty("origin", key.origin());
                        out.writeStringProperty("vkey", key.vkey());
                        out.writeStringProperty("pem", key.pem());
                        out.writeStringProperty("statement", key.statement());
                        out.writeEndObject();
                    }
                    out.writeEndArray();
                })
                .getBytes(StandardCharsets.UTF_8);
    }

    @GetMapping(path = "/customers/{id}/receipt", produces = Answers.JSON)
    void receipt(HttpServletRequest request, HttpServletResponse response, @PathVariable("id") String id)
            throws IOException {
        Long after = number(QueryParameters.of(request, Set.of(AFTER)), AFTER, 0);
        Optional<byte[]> receipt = Members.canBeCustomer(id)
                ? sides.seal().receipt(Calls.key(request).merchantId(), id, after)
                : Optional.empty();
        Answers.result(response, receipt.orElseThrow(() -> missing("There is no such customer")));
    }

    private static ErrorAnswerException missing(String message) {
        return new ErrorAnswerException(ErrorAnswer.of(ErrorCode.NOT_FOUND, message));
    }

    private static @Nullable Long number(QueryParameters parameters, String name, long min) {
        String text = parameters.text(name);
        if (text == null) {
            return null;
        }
        boolean digits =
                !text.isEmpty() && text.length() <= DIGITS_MAX && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(text) < min) {
            throw QueryParameters.malformed(name, "an integer of at least " + min);
        }
        return Long.parseLong(text);
    }
}
