/** What operators do with the views: their generations are filled, swapped, taken back and dropped. */
@NullMarked
package com.customerledger.events.views;

import org.jspecify.annotations.NullMarked;
