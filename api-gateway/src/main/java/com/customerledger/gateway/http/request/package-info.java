/** What a request carries, read strictly: its body, its parameters, its headers, and who sends it. */
@NullMarked
package com.customerledger.gateway.http.request;

import org.jspecify.annotations.NullMarked;
