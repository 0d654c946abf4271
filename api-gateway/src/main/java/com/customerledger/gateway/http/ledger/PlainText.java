package com.customerledger.gateway.http.ledger;

import com.customerledger.gateway.http.request.Answers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** Answers that other people's tools read as they are. */
final class PlainText {

    /** The type. */
    static final String TYPE = "text/plain";

    private static final MediaType TEXT = MediaType.parseMediaType(TYPE);
    private static final MediaType JSON = MediaType.parseMediaType(Answers.JSON);

    private PlainText() {}

    /** Whether a text is wanted rather than JSON, which is what one gets who says nothing. */
    static boolean isWanted(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        if (accept == null) {
            return false;
        }
        List<MediaType> types = MediaType.parseMediaTypes(accept);
        return quality(types, TEXT) > quality(types, JSON);
    }

    /** That of the most specific range that has the type (RFC 9110, 12.5.1). */
    private static double quality(List<MediaType> types, MediaType type) {
        double quality = 0;
        int specific = -1;
        for (MediaType range : types) {
            int specificity = range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
            if (range.includes(type) && specificity > specific) {
                specific = specificity;
                quality = range.getQualityValue();
            }
        }
        return quality;
    }

    static void write(HttpServletResponse response, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        response.setContentType(TYPE + ";charset=utf-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
