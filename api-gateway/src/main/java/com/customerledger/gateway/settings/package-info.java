/** The settings of a node, what follows from them for the libraries, and its data directory. */
@NullMarked
package com.customerledger.gateway.settings;

import org.jspecify.annotations.NullMarked;
