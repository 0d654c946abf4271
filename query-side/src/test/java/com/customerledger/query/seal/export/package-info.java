/** Tests of exports on a real database, and of what is done to their files. */
@NullMarked
package com.customerledger.query.seal.export;

import org.jspecify.annotations.NullMarked;
