package com.customerledger.events.refusal;

/**
 * A fault and the record that has it.
 *
 * @param index the record's place in the request, from 0
 * @param fault what is wrong with it
 */
public record RecordFault(int index, Fault fault) {}
