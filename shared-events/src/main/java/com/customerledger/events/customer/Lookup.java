package com.customerledger.events.customer;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The lookups that records refer to. Their ids are the same in every installation, and never change. */
public enum Lookup {
    ACTIVE("loo_CbOmCgDMnATtEX2ynSoQ0", Type.CUSTOMER_STATUS, "Active"),
    DISABLED("loo_FixA0Ki4EyEwAdf_gB77a", Type.CUSTOMER_STATUS, "Disabled"),
    ARCHIVED("loo__uFIgkKYFm89AIF_3aBna", Type.CUSTOMER_STATUS, "Archived"),
    SOUTH_AFRICAN_ID("loo_86wQzYR1OroPfvgTW5lbh", Type.ID_TYPE, "South African ID"),
    PASSPORT("loo_xsyhVawj5OAf9OWFLNyJY", Type.ID_TYPE, "Passport"),
    TEMPORARY_RESIDENCE("loo_GGPmQK1Hkom8n9G1LDI5g", Type.ID_TYPE, "Temporary residence");

    /** What a lookup is a value of. */
    public enum Type {
        CUSTOMER_STATUS("customer_status"),
        ID_TYPE("id_type");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /** The type as the API writes it. */
        public String text() {
            return text;
        }

        /** The type of that name, or null. */
        public static @Nullable Type named(String text) {
            return Arrays.stream(values())
                    .filter(each -> each.text.equals(text))
                    .findAny()
                    .orElse(null);
        }
    }

    private static final Map<String, Lookup> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Lookup::id, Function.identity()));

    private final String id;
    private final Type type;
    private final String title;

    Lookup(String id, Type type, String title) {
        this.id = id;
        this.type = type;
        this.title = title;
    }

    /** The id, {@code loo_…}. */
    public String id() {
        return id;
    }

    /** What this is a value of. */
    public Type type() {
        return type;
    }

    /** Its name for people. */
    public String title() {
        return title;
    }

    /** The lookup with that id and type, or null. */
    public static @Nullable Lookup find(@Nullable String id, Type type) {
        Lookup found = id == null ? null : BY_ID.get(id);
        return found != null && found.type == type ? found : null;
    }
}
