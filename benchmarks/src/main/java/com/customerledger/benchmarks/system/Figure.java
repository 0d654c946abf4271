package com.customerledger.benchmarks.system;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A measured number with its unit.
 *
 * @param text as it is told
 */
record Figure(double value, String unit, String text) {

    static Figure perSecond(double value, String what) {
        String unit = what + "/s";
        return new Figure(value, unit, number(value) + " " + unit);
    }

    static Figure bytesPerSecond(double value) {
        return new Figure(value, "MB/s", number(value / 1e6) + " MB/s");
    }

    static Figure time(Duration time) {
        double millis = time.toNanos() / 1e6;
        String text = millis >= 10_000 ? number(millis / 1e3) + " s" : number(millis) + " ms";
        return new Figure(millis, "ms", text);
    }

    static Figure micros(double value) {
        return new Figure(value, "µs", number(value) + " µs");
    }

    static Figure bytes(double value) {
        return new Figure(value, "bytes", number(value) + " bytes");
    }

    static Figure megabytes(long bytes) {
        return new Figure(bytes, "MB", number(bytes / (double) (1 << 20)) + " MiB");
    }

    static Figure count(double value, String what) {
        return new Figure(value, what, number(value) + " " + what);
    }

    /** What JMH says, with half the width of its confidence interval where it can tell one. */
    static Figure nanos(double value, double error, String unit) {
        return new Figure(value, unit, number(value) + (Double.isNaN(error) ? "" : " ± " + number(error)) + " " + unit);
    }

    /** How many times the floor it is; empty where there is no floor. */
    String ratio(@Nullable Figure floor) {
        if (floor == null || floor.value == 0) {
            return "";
        }
        return String.format(Locale.ROOT, "%.2f", value / floor.value);
    }

    /** Three digits are more than a shared machine can tell. */
    private static String number(double value) {
        double size = Math.abs(value);
        if (size == Math.rint(size) && size < 1_000) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
