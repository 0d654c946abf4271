package com.customerledger.events.command;

import java.util.List;

/** How the write side is, as this node knows it. Answers from memory, at once. Thread-safe. */
public interface WritesHealth {

    /** Why writes are refused now, each a sentence for operators without anything personal; empty when none is. */
    List<String> troubles();
}
