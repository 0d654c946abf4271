/** The way of a command: locks, one transaction, and bounded retries. */
@NullMarked
package com.customerledger.command.dispatch;

import org.jspecify.annotations.NullMarked;
