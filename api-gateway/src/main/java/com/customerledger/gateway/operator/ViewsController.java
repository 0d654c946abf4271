package com.customerledger.gateway.operator;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.views.OperationRefusedException;
import com.customerledger.events.views.OperationRefusedException.Reason;
import com.customerledger.events.views.ViewOperations;
import com.customerledger.events.views.ViewOperations.Filling;
import com.customerledger.events.views.ViewOperations.OtherGeneration;
import com.customerledger.events.views.ViewOperations.ViewStatus;
import com.customerledger.gateway.http.errors.ErrorAnswer;
import com.customerledger.gateway.http.errors.ErrorAnswerException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The views for operators, as JSON. A POST needs a body of the type {@code application/json}, which no foreign page can
 * have a browser send with the operators' password unasked. Thread-safe.
 */
final class ViewsController {

    private static final String JSON = "application/json";
    private static final String MAX_P99_MS = "max_p99_ms";

    /** How many progresses are told at once, each with a thread and a connection to the database. */
    private static final int PROGRESSES_MAX = 8;

    private static final int BODY_BYTES_MAX = 16_384;

    private final LedgerDatabase database;
    private final ViewOperations operations;
    private final Semaphore progresses = new Semaphore(PROGRESSES_MAX);

    ViewsController(LedgerDatabase database, ViewOperations operations) {
        this.database = database;
        this.operations = operations;
    }

    /** What is done on behalf of a POST. */
    private interface Work {
        String done() throws InterruptedException;
    }

    @GetMapping("/views")
    void status(HttpServletResponse response) throws IOException {
        List<Map<String, @Nullable Object>> views = new ArrayList<>();
        for (ViewStatus view : operations.status(database)) {
            views.add(told(view));
        }
        answer(response, views);
    }

    @PostMapping("/views/{view}/rebuild")
    void rebuild(@PathVariable("view") String view, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Integer maxP99Ms = maxP99Ms(body(request));
        int generation = operations.rebuild(database, view, maxP99Ms);
        Map<String, @Nullable Object> made = new LinkedHashMap<>();
        made.put("view", view);
        made.put("generation", generation);
        answer(response, List.of(made));
    }

    @PostMapping("/views/{view}/swap")
    void swap(@PathVariable("view") String view, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        perform(request, response, () -> operations.swap(database, view));
    }

    @PostMapping("/views/{view}/rollback")
    void rollback(@PathVariable("view") String view, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        perform(request, response, () -> operations.rollback(database, view));
    }

    @PostMapping("/views/{view}/cancel")
    void cancel(@PathVariable("view") String view, HttpServletRequest request, HttpServletResponse response)
            throws IOException, InterruptedException {
        perform(request, response, () -> operations.cancel(database, view));
    }

    @PostMapping("/views/{view}/generations/{generation}/drop")
    void drop(
            @PathVariable("view") String view,
            @PathVariable("generation") String generation,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        perform(request, response, () -> operations.drop(database, view, number(view, generation)));
    }

    private static int number(String view, String generation) {
        try {
            return Integer.parseInt(generation);
        } catch (NumberFormatException e) {
            throw new OperationRefusedException(
                    Reason.UNKNOWN, "There is no generation " + generation + " of the view " + view, e);
        }
    }

    /** Server-sent events, one each time that is worth telling, until the generation is ready to be swapped in. */
    @GetMapping("/views/{view}/progress")
    void progress(@PathVariable("view") String view, HttpServletResponse response)
            throws IOException, InterruptedException {
        if (!progresses.tryAcquire()) {
            throw new ErrorAnswerException(ErrorAnswer.of(429));
        }
        try {
            operations.follow(database, view, false, filling -> {
                tell(response, filling.isReady() ? "ready" : "progress", told(filling));
                return true;
            });
        } catch (OperationRefusedException e) {
            if (!response.isCommitted()) {
                throw e;
            }
            tell(response, "ended", Map.of("reason", String.valueOf(e.getMessage())));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            progresses.release();
        }
    }

    private static void tell(HttpServletResponse response, String event, Map<String, @Nullable Object> data) {
        if (!response.isCommitted()) {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setHeader("Cache-Control", "no-store");
        }
        String text = "event: " + event + "\ndata: " + JsonMapper.shared().writeValueAsString(data) + "\n\n";
        try {
            OutputStream out = response.getOutputStream();
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void perform(HttpServletRequest request, HttpServletResponse response, Work work)
            throws IOException, InterruptedException {
        body(request);
        Map<String, @Nullable Object> done = new LinkedHashMap<>();
        done.put("done", work.done());
        answer(response, List.of(done));
    }

    private static JsonNode body(HttpServletRequest request) throws IOException {
        if (!isJson(request.getContentType())) {
            throw new ErrorAnswerException(ErrorAnswer.of(415));
        }
        byte[] bytes = request.getInputStream().readNBytes(BODY_BYTES_MAX + 1);
        if (bytes.length > BODY_BYTES_MAX) {
            throw new ErrorAnswerException(ErrorAnswer.of(413));
        }
        try {
            JsonNode body =
                    JsonMapper.shared().readTree(bytes.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : bytes);
            if (body.isObject()) {
                return body;
            }
        } catch (JacksonException e) {
            throw layout("The body is not JSON", e);
        }
        throw layout("The body is not a JSON object", null);
    }

    private static boolean isJson(@Nullable String contentType) {
        try {
            return contentType != null
                    && MediaType.APPLICATION_JSON.equalsTypeAndSubtype(MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException e) {
            // Whatever it says, it does not say that it is JSON.
            return false;
        }
    }

    private static @Nullable Integer maxP99Ms(JsonNode body) {
        for (String name : body.propertyNames()) {
            if (!name.equals(MAX_P99_MS)) {
                throw layout("The body has an unknown member; the only one is " + MAX_P99_MS, null);
            }
        }
        JsonNode value = body.get(MAX_P99_MS);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw layout(MAX_P99_MS + " is a whole number of milliseconds from 1", null);
        }
        return value.intValue();
    }

    private static ErrorAnswerException layout(String message, @Nullable Exception cause) {
        ErrorAnswerException wrong = new ErrorAnswerException(ErrorAnswer.of(ErrorCode.LAYOUT, message));
        if (cause != null) {
            wrong.addSuppressed(cause);
        }
        return wrong;
    }

    private static void answer(HttpServletResponse response, List<Map<String, @Nullable Object>> results)
            throws IOException {
        // In this order on every machine, as on the merchants' port.
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("status", true);
        envelope.put("results", results);
        byte[] body = JsonMapper.shared().writeValueAsBytes(envelope);
        response.setContentType(JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static Map<String, @Nullable Object> told(ViewStatus view) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("view", view.view());
        told.put("live", view.live());
        told.put("revision", view.revision());
        told.put("others", view.others().stream().map(ViewsController::told).toList());
        told.put("position", view.position());
        told.put("lag_events", view.lagEvents());
        told.put("lag_ms", view.lagMillis());
        told.put("events_per_second", view.eventsPerSecond());
        told.put("state", view.condition().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        told.put("parked_events", view.parkedEvents());
        told.put("trouble", view.trouble());
        return told;
    }

    private static Map<String, @Nullable Object> told(OtherGeneration other) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("generation", other.generation());
        told.put("revision", other.revision());
        told.put("state", other.state());
        told.put("percent", other.percent());
        return told;
    }

    private static Map<String, @Nullable Object> told(Filling filling) {
        Map<String, @Nullable Object> told = new LinkedHashMap<>();
        told.put("view", filling.view());
        told.put("generation", filling.generation());
        told.put("done", filling.done());
        told.put("total", filling.total());
        told.put("ready", filling.isReady());
        told.put("trouble", filling.trouble());
        return told;
    }
}
