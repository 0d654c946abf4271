package com.customerledger.gateway;

import com.customerledger.gateway.commands.LedgerCommand;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;

/**
 * The process: the gateway and, by auto-configuration, the sides that it is started with. What Spring Boot would find for
 * itself is not asked for, which takes a tenth of a start: the file {@code META-INF/spring/…LedgerApplication.imports} has
 * all that there is to be.
 */
@SpringBootConfiguration
@ComponentScan
@ImportAutoConfiguration
public class LedgerApplication {

    /** Runs one {@code ledger} command, {@code serve} among them, and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(LedgerCommand.run(LedgerApplication.class, args));
    }
}
