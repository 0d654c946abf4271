package com.customerledger.gateway.http.lookups;

import com.customerledger.events.customer.Lookup;
import com.customerledger.events.json.Json;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.ErrorAnswerException;
import com.customerledger.gateway.http.request.Answers;
import com.customerledger.gateway.http.request.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import tools.jackson.core.JsonGenerator;

/** Reads the lookups, which are the same for every merchant. Thread-safe. */
@Controller
@RequestMapping(produces = Answers.JSON)
final class LookupsController {

    private static final Set<String> NONE = Set.of();

    private final byte[] all = answer(List.of(Lookup.values()));
    private final Map<Lookup.Type, byte[]> ofType = new EnumMap<>(Lookup.Type.class);

    LookupsController() {
        for (Lookup.Type type : Lookup.Type.values()) {
            ofType.put(
                    type,
                    answer(Arrays.stream(Lookup.values())
                            .filter(each -> each.type() == type)
                            .toList()));
        }
    }

    @GetMapping("/lookups")
    void all(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryParameters.of(request, NONE);
        Answers.write(response, all);
    }

    @GetMapping("/lookups/{type}")
    void ofType(HttpServletRequest request, HttpServletResponse response, @PathVariable("type") String type)
            throws IOException {
        QueryParameters.of(request, NONE);
        Lookup.Type named = Lookup.Type.named(type);
        byte[] answer = named == null ? null : ofType.get(named);
        if (answer == null) {
            throw new ErrorAnswerException(ErrorAnswer.of(ErrorCode.NOT_FOUND, "There are no lookups of this type"));
        }
        Answers.write(response, answer);
    }

    private static byte[] answer(List<Lookup> lookups) {
        return Json.text(out -> {
                    out.writeStartObject();
                    out.writeBooleanProperty("status", true);
                    out.writeArrayPropertyStart("lookups");
                    for (Lookup lookup : lookups) {
                        write(out, lookup);
                    }
                    out.writeEndArray();
                    out.writeEndObject();
                })
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator out, Lookup lookup) {
        out.writeStartObject();
        out.writeStringProperty("id", lookup.id());
        out.writeNullProperty("parent_lookups_id");
        out.writeStringProperty("title", lookup.title());
        out.writeStringProperty("enum", lookup.name());
        out.writeStringProperty("type", lookup.type().text());
        out.writeEndObject();
    }
}
