/** What must hold across real processes: starts them, kills them, and checks what their callers were promised. */
@NullMarked
package com.customerledger.gateway.soak;

import org.jspecify.annotations.NullMarked;
