package com.customerledger.gateway.commands;

import com.customerledger.gateway.settings.DataDirectory;
import com.customerledger.gateway.settings.LedgerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Does once what every server does first, for the Java machine that is to remember which classes that takes. */
@Command(
        name = "rehearse",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Starts a ledger in an empty directory, on any free ports, makes a customer, lists it and ends.")
@SuppressWarnings("NullAway.Init") // picocli fills every field before a command runs.
final class RehearseCommand implements Callable<Integer> {

    private static final String CUSTOMER = """
            {"records": [{"reference": "rehearsal", "company_name": "Meteor Ltd"}]}""";

    private final Class<?> applicationClass;

    @Parameters(paramLabel = "DIRECTORY", description = "Where its data may go.")
    private Path directory;

    RehearseCommand(Class<?> applicationClass) {
        this.applicationClass = applicationClass;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ConfigurableApplicationContext context = new SpringApplication(applicationClass)
                        .run(
                                "--" + LedgerSettings.SERVE + "=true",
                                "--" + LedgerSettings.PORT + "=0",
                                "--" + LedgerSettings.OPERATOR_PORT + "=0",
                                "--ledger.data-dir=" + directory);
                LedgerClient client = new LedgerClient(
                        URI.create(
                                "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port")),
                        BasicCredentials.read(new DataDirectory(directory).file(DataDirectory.DEMO_CREDENTIALS)))) {
            client.post(
                    "/customers/create",
                    CUSTOMER.getBytes(StandardCharsets.UTF_8),
                    "rehearsal",
                    InputStream::readAllBytes);
            client.get("/customers/list", InputStream::readAllBytes);
        }
        return 0;
    }
}
