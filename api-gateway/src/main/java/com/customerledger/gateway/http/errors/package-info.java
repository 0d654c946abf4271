/** Every answer that is not a success: the one table of codes and statuses, the envelope, and who writes it. */
@NullMarked
package com.customerledger.gateway.http.errors;

import org.jspecify.annotations.NullMarked;
