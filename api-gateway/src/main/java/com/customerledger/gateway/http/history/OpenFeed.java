package com.customerledger.gateway.http.history;

import com.customerledger.events.UnavailableException;
import com.customerledger.events.query.EventFeed;
import com.customerledger.events.query.EventFeed.Page;
import com.customerledger.events.query.EventFeed.Place;
import com.customerledger.events.query.ToldEvent;
import com.customerledger.events.refusal.RefusedException;
import com.customerledger.gateway.keys.ApiKey;
import com.customerledger.gateway.keys.ApiKeys;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pushes a merchant's events to one client, for as long as it listens. Of one thread. */
final class OpenFeed {

    /** The type of an answer that stays open. */
    static final String EVENT_STREAM = "text/event-stream";

    private static final Logger LOG = LoggerFactory.getLogger(OpenFeed.class);

    private static final int EVENTS_PER_READ = 100;

    /** How often a feed that waits looks whether it is to end. */
    private static final long TURN_MS = 200;

    /** How often it asks whether its key may still be used; that answer may be two seconds old. */
    private static final long KEY_EVERY_MS = 1_000;

    /** The least time between two reads that find nothing: a busy ledger has news of other merchants all the time. */
    private static final long IDLE_READ_EVERY_MS = 50;

    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final EventFeed feed;
    private final ApiKeys keys;
    private final ApiKey key;
    private final Tellings tellings;
    private final OpenFeeds.Seat seat;
    private final long heartbeatMs;
    private final HttpServletResponse response;
    private long keyAskedAtNanos = System.nanoTime();
    private long sentAtNanos;

    OpenFeed(
            EventFeed feed,
            ApiKeys keys,
            ApiKey key,
            Tellings tellings,
            OpenFeeds.Seat seat,
            long heartbeatMs,
            HttpServletResponse response) {
        this.feed = feed;
        this.keys = keys;
        this.key = key;
        this.tellings = tellings;
        this.seat = seat;
        this.heartbeatMs = heartbeatMs;
        this.response = response;
    }

    /**
     * Pushes until the client is gone, the key is disabled or the server ends. What can't be answered at all is thrown
     * before the first byte.
     */
    void run(Place begin) throws IOException {
        long news = feed.news();
        Page page = feed.read(key.merchantId(), begin, EVENTS_PER_READ);
        response.setContentType(EVENT_STREAM);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        send(HEARTBEAT);
        Place after = new Place(page.epoch(), begin.number());
        try {
            while (true) {
                after = push(page, after);
                if (!goesOn() || (page.events().isEmpty() && !awaitNews(news))) {
                    return;
                }
                news = feed.news();
                page = feed.read(key.merchantId(), after, EVENTS_PER_READ);
            }
        } catch (UnavailableException | RefusedException end) {
            // The client comes again from where it is, and is told why it can't be answered.
            LOG.info("A feed of the key {} ends: {}", key.key(), end.getMessage());
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends the events; the place behind them. */
    private Place push(Page page, Place after) throws IOException {
        if (page.events().isEmpty()) {
            return new Place(page.epoch(), after.number());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long last = after.number();
        for (ToldEvent event : page.events()) {
            last = event.number();
            bytes.writeBytes(("id: " + page.epoch() + "-" + last + "\nevent: change\ndata: ")
                    .getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(tellings.inFeed(event));
            bytes.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        }
        send(bytes.toByteArray());
        return new Place(page.epoch(), last);
    }

    /** Waits until it is worth reading again, or a heartbeat is due; false when the feed is to end. */
    private boolean awaitNews(long news) throws IOException, InterruptedException {
        long readAtNanos = System.nanoTime();
        while (feed.news() == news) {
            if (!goesOn()) {
                return false;
            }
            long leftMs = heartbeatMs - millisSince(sentAtNanos);
            if (leftMs <= 0) {
                send(HEARTBEAT);
                // Read all the same, should a wake-up ever be lost.
                return true;
            }
            feed.awaitNews(news, Math.min(TURN_MS, leftMs));
        }
        long early = IDLE_READ_EVERY_MS - millisSince(readAtNanos);
        if (early > 0) {
            TimeUnit.MILLISECONDS.sleep(early);
        }
        if (millisSince(sentAtNanos) >= heartbeatMs) {
            send(HEARTBEAT);
        }
        return true;
    }

    /** Whether neither the server ends nor the key was disabled. */
    private boolean goesOn() {
        if (!seat.isKept()) {
            return false;
        }
        if (millisSince(keyAskedAtNanos) < KEY_EVERY_MS) {
            return true;
        }
        keyAskedAtNanos = System.nanoTime();
        return keys.isUsable(key);
    }

    private void send(byte[] bytes) throws IOException {
        response.getOutputStream().write(bytes);
        response.flushBuffer();
        sentAtNanos = System.nanoTime();
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }
}
