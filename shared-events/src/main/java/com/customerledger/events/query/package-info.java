/** What may be asked of the read side, and what it answers. */
@NullMarked
package com.customerledger.events.query;

import org.jspecify.annotations.NullMarked;
