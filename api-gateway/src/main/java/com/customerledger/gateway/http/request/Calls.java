package com.customerledger.gateway.http.request;

import com.customerledger.events.Ids;
import com.customerledger.gateway.keys.ApiKey;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** What is known about a request from the moment it arrives: its id, and the key it came with once that is proven. */
public final class Calls {

    /** The longest id that a client may give a request, in characters. */
    public static final int REQUEST_ID_LENGTH_MAX = 64;

    private static final String HEADER = "X-Request-Id";
    private static final String ID = Calls.class.getName() + ".id";
    private static final String KEY = Calls.class.getName() + ".key";

    private Calls() {}

    /** The request's id: the client's where it gave one of printable ASCII, else a new one; always the same. */
    public static String id(HttpServletRequest request) {
        Object known = request.getAttribute(ID);
        if (known != null) {
            return (String) known;
        }
        String sent = request.getHeader(HEADER);
        String id = sent != null && fit(sent) ? sent : Ids.request();
        request.setAttribute(ID, id);
        return id;
    }

    private static boolean fit(String id) {
        return !id.isEmpty()
                && id.length() <= REQUEST_ID_LENGTH_MAX
                && id.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /** The key that the request came with. */
    public static ApiKey key(HttpServletRequest request) {
        ApiKey key = keyOrNull(request);
        if (key == null) {
            throw new IllegalStateException("no call is handled without a key");
        }
        return key;
    }

    /** The key that the request came with, or null where it is not proven. */
    public static @Nullable ApiKey keyOrNull(HttpServletRequest request) {
        return (ApiKey) request.getAttribute(KEY);
    }

    /** Says with which key the request came. */
    public static void proven(HttpServletRequest request, ApiKey key) {
        request.setAttribute(KEY, key);
    }
}
