/** The stored form of events, read back from golden files. */
@NullMarked
package com.customerledger.events;

import org.jspecify.annotations.NullMarked;
