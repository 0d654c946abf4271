/** The write side on a real PostgreSQL. */
@NullMarked
package com.customerledger.command;

import org.jspecify.annotations.NullMarked;
