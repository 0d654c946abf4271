/** Real processes and real kills. */
@NullMarked
package com.customerledger.command.database.embedded;

import org.jspecify.annotations.NullMarked;
