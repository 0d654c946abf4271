package com.customerledger.gateway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The process: the gateway and, by auto-configuration, the sides that it is started with. */
@SpringBootApplication
public class LedgerApplication {

    /** Starts the application in the foreground. */
    public static void main(String[] args) {
        SpringApplication.run(LedgerApplication.class, args);
    }
}
