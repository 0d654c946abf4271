/** JSON values with their exact number text, read and written without loss. */
@NullMarked
package com.customerledger.events.json;

import org.jspecify.annotations.NullMarked;
