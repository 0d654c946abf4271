package com.customerledger.gateway.http.history;

import com.customerledger.events.json.Json;
import com.customerledger.events.query.EventFeed.Page;
import com.customerledger.events.query.EventFeed.Place;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.events.refusal.ErrorCode;
import com.customerledger.events.refusal.Refusal;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.gateway.http.request.Answers;
import com.customerledger.gateway.http.request.Calls;
import com.customerledger.gateway.http.request.QueryParameters;
import com.customerledger.gateway.http.request.Sides;
import com.customerledger.gateway.keys.ApiKey;
import com.customerledger.gateway.keys.ApiKeys;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Read a merchant's events from the first on, in pages or as a stream that stays open. Thread-safe. */
@Controller
final class EventsController {

    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final Set<String> READING = Set.of(AFTER, LIMIT);
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private static final int PAGE_EVENTS_MAX = 1_000;
    private static final int PAGE_EVENTS_DEFAULT = 100;

    private static final Pattern PLACE = Pattern.compile("(?:([0-9]{1,9})-)?([0-9]{1,18})");

    private final Sides sides;
    private final Tellings tellings;
    private final ApiKeys keys;
    private final OpenFeeds open;
    private final FeedSettings settings;

    EventsController(Sides sides, Tellings tellings, ApiKeys keys, OpenFeeds open, FeedSettings settings) {
        this.sides = sides;
        this.tellings = tellings;
        this.keys = keys;
        this.open = open;
        this.settings = settings;
    }

    @GetMapping(
            path = "/events",
            produces = {Answers.JSON, OpenFeed.EVENT_STREAM})
    void events(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryParameters parameters = QueryParameters.of(request, READING);
        Place after = place(parameters.text(AFTER));
        if (after == null) {
            throw QueryParameters.malformed(AFTER, "the number of an event, or an epoch and a number as in 1-17");
        }
        Integer limit = parameters.integer(LIMIT, PAGE_EVENTS_MAX);
        ApiKey key = Calls.key(request);
        if (!wantsStream(request)) {
            page(response, key, after, limit == null ? PAGE_EVENTS_DEFAULT : limit);
            return;
        }
        if (limit != null) {
            throw QueryParameters.malformed(LIMIT, "left out where the answer stays open");
        }
        String last = request.getHeader(LAST_EVENT_ID);
        Place begin = last == null ? after : place(last);
        if (begin == null) {
            throw new RefusedException(
                    Refusal.of(ErrorCode.REQUEST, "The header Last-Event-ID must be the id of an event of this feed"));
        }
        if (request.getMethod().equals(HttpMethod.HEAD.name())) {
            response.setContentType(OpenFeed.EVENT_STREAM);
            return;
        }
        try (OpenFeeds.Seat seat = open.open(key.key())) {
            new OpenFeed(sides.feed(), keys, key, tellings, seat, settings.heartbeatMs(), response).run(begin);
        }
    }

    /** The place that a text stands for, the beginning where there is none; null where the text is malformed. */
    private static @Nullable Place place(@Nullable String text) {
        if (text == null) {
            return new Place(null, 0);
        }
        Matcher place = PLACE.matcher(text);
        if (!place.matches()) {
            return null;
        }
        Integer epoch = place.group(1) == null ? null : Integer.valueOf(place.group(1));
        return epoch != null && epoch == 0 ? null : new Place(epoch, Long.parseLong(place.group(2)));
    }

    /** Whether the request names the stream's type, and none of the page's at least as much. */
    private static boolean wantsStream(HttpServletRequest request) {
        double stream = 0;
        double page = 0;
        List<MediaType> accepted = MediaType.parseMediaTypes(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)));
        for (MediaType type : accepted) {
            if (type.equalsTypeAndSubtype(MediaType.TEXT_EVENT_STREAM)) {
                stream = Math.max(stream, type.getQualityValue());
            } else if (type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)) {
                page = Math.max(page, type.getQualityValue());
            }
        }
        return stream > page;
    }

    private void page(HttpServletResponse response, ApiKey key, Place after, int limit) throws IOException {
        Page page = sides.feed().read(key.merchantId(), after, limit);
        Answers.parked(response, page.parkedCustomers());
        List<ToldEvent> events = page.events();
        long last = events.isEmpty()
                ? after.number()
                : events.get(events.size() - 1).number();
        String body = Json.text(out -> {
            out.writeStartObject();
            out.writeBooleanProperty("status", true);
            out.writeNumberProperty("epoch", page.epoch());
            out.writeArrayPropertyStart("results");
            for (ToldEvent event : events) {
                out.writeRawValue(new String(tellings.inFeed(event), StandardCharsets.UTF_8));
            }
            out.writeEndArray();
            out.writeNumberProperty("next_after", last);
            out.writeEndObject();
        });
        Answers.write(response, body.getBytes(StandardCharsets.UTF_8));
    }
}
