package com.customerledger.events.customer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/**
 * A customer in one array beside its id, for who remembers many: three objects for the collector to move where a record has
 * forty. It is never stored, so that its form may change with any version. Immutable.
 */
public final class PackedCustomer {

    /** Most customers need no more; the stream grows for others. */
    private static final int BYTES_USUAL = 512;

    private static final byte NOTHING = 0;
    private static final byte TEXT = 1;
    private static final byte NUMBER = 2;
    private static final byte OBJECT = 3;

    /** Beside one of the above: the field was changed since the customer was created. */
    private static final byte CHANGED = 4;

    private final String id;
    private final byte[] bytes;

    private PackedCustomer(String id, byte[] bytes) {
        this.id = id;
        this.bytes = bytes;
    }

    /** That customer, packed. */
    public static PackedCustomer of(CustomerRecord customer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(BYTES_USUAL);
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeUTF(customer.merchantId());
            out.writeInt(customer.version());
            write(out, customer.createdAt());
            write(out, customer.updatedAt());
            write(out, customer.deletedAt());
            for (CustomerField field : CustomerField.all()) {
                write(out, customer.values(), field);
            }
        } catch (IOException e) {
            // For a text of more than 65,535 bytes, and no field takes as much.
            throw new UncheckedIOException(e);
        }
        return new PackedCustomer(customer.id(), bytes.toByteArray());
    }

    private static void write(DataOutputStream out, @Nullable Instant at) throws IOException {
        out.writeBoolean(at != null);
        if (at != null) {
            out.writeLong(at.getEpochSecond());
            out.writeInt(at.getNano());
        }
    }

    private static void write(DataOutputStream out, FieldValues values, CustomerField field) throws IOException {
        Object value = values.get(field);
        int changed = values.changed().contains(field) ? CHANGED : 0;
        if (value == null) {
            out.writeByte(NOTHING | changed);
        } else if (value instanceof String text) {
            out.writeByte(TEXT | changed);
            out.writeUTF(text);
        } else if (value instanceof Integer number) {
            out.writeByte(NUMBER | changed);
            out.writeInt(number);
        } else {
            out.writeByte(OBJECT | changed);
            out.writeUTF(((JsonText) value).compact());
        }
    }

    /** The customer that was packed. */
    public CustomerRecord unpack() {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            String merchantId = in.readUTF();
            int version = in.readInt();
            Instant createdAt = instant(in);
            Instant updatedAt = instant(in);
            Instant deletedAt = instant(in);
            if (createdAt == null) {
                throw new IllegalStateException(id + " has no time");
            }
            return new CustomerRecord(id, merchantId, version, createdAt, updatedAt, deletedAt, values(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Instant instant(DataInputStream in) throws IOException {
        return in.readBoolean() ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : null;
    }

    private static FieldValues values(DataInputStream in) throws IOException {
        EnumMap<CustomerField, Object> values = new EnumMap<>(CustomerField.class);
        EnumSet<CustomerField> changed = EnumSet.noneOf(CustomerField.class);
        for (CustomerField field : CustomerField.all()) {
            int kind = in.readByte();
            if ((kind & CHANGED) != 0) {
                changed.add(field);
            }
            switch (kind & ~CHANGED) {
                case TEXT -> values.put(field, in.readUTF());
                case NUMBER -> values.put(field, in.readInt());
                case OBJECT -> values.put(field, new JsonText(in.readUTF()));
                default -> {
                    // It has no value.
                }
            }
        }
        return FieldValues.of(values, changed);
    }

    /** The customer's id. */
    public String id() {
        return id;
    }

    /** How many bytes its array has. */
    public int length() {
        return bytes.length;
    }

    /** Nothing of the customer: it is personal, and texts like this one end in logs. */
    @Override
    public String toString() {
        return "PackedCustomer[" + bytes.length + " bytes]";
    }
}
