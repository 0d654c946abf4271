/** What may be asked of the write side, and what it answers. */
@NullMarked
package com.customerledger.events.command;

import org.jspecify.annotations.NullMarked;
