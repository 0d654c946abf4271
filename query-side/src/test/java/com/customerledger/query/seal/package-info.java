/** The seal on a real store. */
@NullMarked
package com.customerledger.query.seal;

import org.jspecify.annotations.NullMarked;
