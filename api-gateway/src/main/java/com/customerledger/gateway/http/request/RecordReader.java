package com.customerledger.gateway.http.request;

import com.customerledger.events.refusal.Fault;
import java.util.List;
import tools.jackson.core.JsonParser;

/** Makes one record of a batch out of what was sent, and tells all that is wrong with it. */
public interface RecordReader<R> {

    /**
     * Reads a record; the parser stands on the object's start, then on its end.
     *
     * @param text all that the parser parses
     */
    R read(JsonParser object, String text);

    /** The record that stands for one that is no object. */
    R faulty(List<Fault> faults);
}
