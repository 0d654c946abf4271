/** Tests of the way of a command. */
@NullMarked
package com.customerledger.command.dispatch;

import org.jspecify.annotations.NullMarked;
