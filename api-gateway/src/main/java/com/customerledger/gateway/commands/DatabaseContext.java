package com.customerledger.gateway.commands;

import com.customerledger.gateway.keys.KeysConfiguration;
import java.io.PrintWriter;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/**
 * The little of the application that a command needs to work on the database, whether a server runs or not. What it
 * takes from the other modules is listed by name in the file of this class's name below {@code META-INF/spring}, since
 * the gateway can't compile against them. No configuration by annotation, or the server would find it by its scan.
 */
@ImportAutoConfiguration
@Import(KeysConfiguration.class)
class DatabaseContext {

    /**
     * Starts it; whoever asks closes it.
     *
     * @param standardError where to say that it takes long
     * @throws CommandFailure when it can't be started, with the reason
     */
    static ConfigurableApplicationContext open(PrintWriter standardError) {
        SpringApplication application = new SpringApplication(DatabaseContext.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        try {
            return Waiting.during(
                    standardError,
                    "opening the database",
                    () -> application.run(
                            "--ledger.serve=false",
                            "--logging.config=classpath:com/customerledger/gateway/commands/logback-command.xml"));
        } catch (RuntimeException failure) {
            String message = StartFailure.message(failure);
            if (message == null) {
                throw failure;
            }
            throw new CommandFailure(message, failure);
        }
    }
}
