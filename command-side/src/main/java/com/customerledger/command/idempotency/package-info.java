/** Requests that can be repeated safely: the first answer is kept and given again. */
@NullMarked
package com.customerledger.command.idempotency;

import org.jspecify.annotations.NullMarked;
