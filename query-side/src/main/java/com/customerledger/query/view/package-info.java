/** Keeps views: what a view is, its generations, who owns one, how it follows the events, and who waits for it. */
@NullMarked
package com.customerledger.query.view;

import org.jspecify.annotations.NullMarked;
