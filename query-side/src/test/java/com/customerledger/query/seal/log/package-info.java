/** Tests of the transparency log's parts against what others published. */
@NullMarked
package com.customerledger.query.seal.log;

import org.jspecify.annotations.NullMarked;
