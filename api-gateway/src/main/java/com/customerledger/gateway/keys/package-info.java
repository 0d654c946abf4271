/** Who may ask: merchants, their API keys, and the proof that a request comes from one of them. */
@NullMarked
package com.customerledger.gateway.keys;

import org.jspecify.annotations.NullMarked;
