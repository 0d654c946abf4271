/** The merchants' HTTP contract: one package for each capability, and those that every call passes through. */
@NullMarked
package com.customerledger.gateway.http;

import org.jspecify.annotations.NullMarked;
