/** Tests of JSON's values. */
@NullMarked
package com.customerledger.events.json;

import org.jspecify.annotations.NullMarked;
