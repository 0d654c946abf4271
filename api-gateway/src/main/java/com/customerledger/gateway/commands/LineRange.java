package com.customerledger.gateway.commands;

/** Lines of a file, from the first to the last. */
record LineRange(long first, long last) {

    static LineRange of(long[] lines) {
        return new LineRange(lines[0], lines[lines.length - 1]);
    }

    /** From the first of this one to the last of a later one. */
    LineRange to(LineRange later) {
        return new LineRange(first, later.last);
    }

    @Override
    public String toString() {
        return first + " to " + last;
    }
}
