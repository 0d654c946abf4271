package com.customerledger.events;

import com.customerledger.events.customer.CustomerField;
import com.customerledger.events.customer.FieldChanges;
import com.customerledger.events.json.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The stored form of events: a logical type and a revision in columns of their own, the payload and the metadata as
 * JSON text that a person can read. The customer's id and the time stand in columns and are not repeated. Thread-safe.
 *
 * <p>Every revision ever written has a golden file among the tests and stays readable: {@link Upcasters} lift what is old.
 */
public final class EventCodec {

    private static final String MERCHANT_ID = "merchant_id";

    /** What every payload begins with, before the merchant's id. */
    static final String BEGINNING = "{\"" + MERCHANT_ID + "\":\"";

    private static final LastMetadata LAST_METADATA = new LastMetadata();

    private EventCodec() {}

    /** The logical name of the event's type. */
    public static String type(LedgerEvent event) {
        // Written out, because the stored names must outlive the names of the classes.
        if (event instanceof CustomerCreated) {
            return "CustomerCreated";
        }
        if (event instanceof CustomerUpdated) {
            return "CustomerUpdated";
        }
        if (event instanceof CustomerArchived) {
            return "CustomerArchived";
        }
        if (event instanceof CustomerRestored) {
            return "CustomerRestored";
        }
        if (event instanceof PaymentStarted) {
            return "PaymentStarted";
        }
        if (event instanceof PaymentStopped) {
            return "PaymentStopped";
        }
        throw new IllegalStateException("an event without a logical name: " + event.getClass());
    }

    /** The revision in which {@link #payload} writes the event. */
    public static int revision(LedgerEvent event) {
        return Upcasters.newest(type(event));
    }

    /** The event's payload as JSON text. */
    public static String payload(LedgerEvent event) {
        return Json.text(out -> {
            out.writeStartObject();
            out.writeStringProperty(MERCHANT_ID, event.merchantId());
            if (event instanceof CustomerUpdated updated) {
                out.writeArrayPropertyStart("changed");
                for (CustomerField field : updated.personal().fields().fields()) {
                    out.writeString(field.json());
                }
                out.writeEndArray();
            } else if (event instanceof CustomerArchived archived) {
                out.writeBooleanProperty("at_creation", archived.atCreation());
            } else if (event instanceof PaymentStarted started) {
                out.writeStringProperty("payment_id", started.paymentId());
                out.writeStringProperty("method", started.method().name());
                out.writeNumberProperty("customer_version", started.customerVersion());
            } else if (event instanceof PaymentStopped stopped) {
                out.writeStringProperty("payment_id", stopped.paymentId());
            }
            personal(out, event.personal());
            out.writeEndObject();
        });
    }

    private static void personal(JsonGenerator out, Personal personal) {
        out.writeObjectPropertyStart("personal");
        out.writeNumberProperty("format", Personal.FORMAT);
        if (!personal.fields().isEmpty()) {
            out.writeName("fields");
            personal.fields().write(out);
        }
        if (personal.actor() != null) {
            out.writeStringProperty("actor", personal.actor());
        }
        if (personal.reason() != null) {
            out.writeStringProperty("reason", personal.reason());
        }
        out.writeEndObject();
    }

    /**
     * The event that a payload tells of.
     *
     * @param customerId from the aggregate's column
     * @param at from the time's column
     * @throws UnknownEventException for a type or revision that this version does not know
     */
    public static LedgerEvent event(String type, int revision, String customerId, Instant at, String payload) {
        Payload read = Payload.read(Upcasters.lift(type, revision, payload));
        return switch (type) {
            case "CustomerCreated" -> new CustomerCreated(customerId, read.merchant(), at, read.personal());
            case "CustomerUpdated" -> new CustomerUpdated(customerId, read.merchant(), at, read.personal());
            case "CustomerArchived" ->
                new CustomerArchived(customerId, read.merchant(), at, read.atCreation(), read.personal());
            case "CustomerRestored" -> new CustomerRestored(customerId, read.merchant(), at, read.personal());
            case "PaymentStarted" ->
                new PaymentStarted(
                        customerId,
                        read.merchant(),
                        at,
                        read.payment(),
                        PaymentMethod.valueOf(present(read.method, "method")),
                        read.customerVersion,
                        read.personal());
            case "PaymentStopped" ->
                new PaymentStopped(customerId, read.merchant(), at, read.payment(), read.personal());
            default -> throw new UnknownEventException(type, revision);
        };
    }

    /**
     * The merchant that a payload names, of whatever type and revision its event is.
     *
     * @throws IllegalStateException when it names none
     */
    public static String merchantId(String payload) {
        if (payload.startsWith(BEGINNING)) {
            // What every payload of ours begins with, so that hardly any is read as JSON.
            for (int i = BEGINNING.length(); i < payload.length(); i++) {
                char c = payload.charAt(i);
                if (c == '"') {
                    return payload.substring(BEGINNING.length(), i);
                }
                if (c == '\\' || c < ' ') {
                    break;
                }
            }
        }
        try (JsonParser parser = Json.stored(payload)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean merchant = MERCHANT_ID.equals(parser.currentName());
                    if (parser.nextToken() == JsonToken.VALUE_STRING && merchant) {
                        return parser.getString();
                    }
                    parser.skipChildren();
                }
            }
        }
        throw new IllegalStateException("a stored event names no merchant");
    }

    /** The metadata as JSON text. */
    public static String metadata(EventMetadata metadata) {
        return Json.text(out -> {
            out.writeStartObject();
            out.writeStringProperty("key", metadata.key());
            out.writeStringProperty("request_id", metadata.requestId());
            if (metadata.idempotency() != null) {
                out.writeStringProperty("idempotency", metadata.idempotency());
            }
            out.writeEndObject();
        });
    }

    /** The metadata that a JSON text tells of. */
    public static EventMetadata metadata(String text) {
        return LAST_METADATA.read(text);
    }

    /** All events of a transaction have the same metadata, so that the text read last is kept with what it tells. */
    private static final class LastMetadata {

        // Whichever thread's is kept, it is right.
        private @Nullable Read last;

        private record Read(String text, EventMetadata metadata) {}

        EventMetadata read(String text) {
            Read known = last;
            if (known == null || !known.text().equals(text)) {
                known = new Read(text, readMetadata(text));
                last = known;
            }
            return known.metadata();
        }
    }

    private static EventMetadata readMetadata(String text) {
        String key = null;
        String requestId = null;
        String idempotency = null;
        try (JsonParser parser = Json.stored(text)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "key" -> key = parser.getString();
                    case "request_id" -> requestId = parser.getString();
                    case "idempotency" -> idempotency = parser.getString();
                    default -> throw unknownMember(name);
                }
            }
        }
        return new EventMetadata(present(key, "key"), present(requestId, "request_id"), idempotency);
    }

    private static <T> T present(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalStateException("a stored event lacks its member " + name);
        }
        return value;
    }

    private static IllegalStateException unknownMember(String name) {
        return new IllegalStateException("a stored event has the unknown member " + name);
    }

    /** The members of a payload as they are read, whichever of them its type has. */
    private static final class Payload {

        private @Nullable String merchantId;
        private @Nullable Personal personal;
        private @Nullable String paymentId;
        private @Nullable String method;
        private @Nullable Boolean atCreation;
        private int customerVersion;

        static Payload read(String text) {
            Payload payload = new Payload();
            try (JsonParser parser = Json.stored(text)) {
                parser.nextToken();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    switch (name) {
                        case MERCHANT_ID -> payload.merchantId = parser.getString();
                        case "changed" -> parser.skipChildren();
                        case "at_creation" -> payload.atCreation = parser.getBooleanValue();
                        case "payment_id" -> payload.paymentId = parser.getString();
                        case "method" -> payload.method = parser.getString();
                        case "customer_version" -> payload.customerVersion = parser.getIntValue();
                        case "personal" -> payload.personal = readPersonal(parser, text);
                        default -> throw unknownMember(name);
                    }
                }
            }
            return payload;
        }

        private static Personal readPersonal(JsonParser parser, String text) {
            FieldChanges fields = FieldChanges.none();
            String actor = null;
            String reason = null;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "format" -> {
                        if (parser.getIntValue() != Personal.FORMAT) {
                            throw new UnknownEventException("personal", parser.getIntValue());
                        }
                    }
                    case "fields" -> fields = FieldChanges.read(parser, text);
                    case "actor" -> actor = parser.getString();
                    case "reason" -> reason = parser.getString();
                    default -> throw unknownMember(name);
                }
            }
            return new Personal(fields, actor, reason);
        }

        String merchant() {
            return present(merchantId, "merchant_id");
        }

        Personal personal() {
            return present(personal, "personal");
        }

        boolean atCreation() {
            return present(atCreation, "at_creation");
        }

        String payment() {
            return present(paymentId, "payment_id");
        }
    }
}
