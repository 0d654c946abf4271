package com.customerledger.gateway.settings;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * Tells Spring Boot what follows from the settings {@code ledger.…}: addresses, the operators' port, what is to be seen
 * there, the form of the log. Whatever is set in Boot's own terms has precedence.
 */
public final class LedgerSettings implements EnvironmentPostProcessor {

    /** Where merchants are served: an address of this machine. */
    public static final String BIND = "ledger.bind";

    /** The merchants' port, 0 for any free one. */
    public static final String PORT = "ledger.port";

    /** Where operators are served: an address of this machine. */
    public static final String OPERATOR_BIND = "ledger.operator-bind";

    /** The operators' port, 0 for any free one. */
    public static final String OPERATOR_PORT = "ledger.operator-port";

    /** {@code plain} or {@code json}. */
    public static final String LOG_FORMAT = "ledger.log.format";

    /** Whether this process serves, or is a command that only needs the database. */
    public static final String SERVE = "ledger.serve";

    private static final String LOOPBACK = "127.0.0.1";
    private static final int PORT_DEFAULT = 8_080;
    private static final int OPERATOR_PORT_DEFAULT = 8_081;
    private static final String SHUTDOWN_PHASE_MAX = "2s";
    private static final int PORT_MAX = 65_535;

    /** Made by Spring Boot. */
    public LedgerSettings() {}

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> derived = new HashMap<>();
        derived.put("spring.application.name", "customer-ledger");
        derived.put("spring.main.banner-mode", "off");
        // Migrations tell at every start that there is nothing to do, pools that they are there.
        derived.put("logging.level.org.flywaydb", "warn");
        derived.put("logging.level.com.zaxxer.hikari", "warn");
        if (environment.getProperty(SERVE, Boolean.class, false)) {
            serving(environment, derived);
        }
        environment.getPropertySources().addLast(new MapPropertySource("ledger", derived));
    }

    private static void serving(Environment settings, Map<String, Object> derived) {
        int port = port(settings, PORT, PORT_DEFAULT);
        int operatorPort = port(settings, OPERATOR_PORT, OPERATOR_PORT_DEFAULT);
        if (port == operatorPort && port != 0) {
            // Boot would then serve operators on the merchants' port.
            throw new SettingException(
                    PORT + " and " + OPERATOR_PORT + " are both " + port + ": set one to another port");
        }
        derived.put("server.port", port);
        derived.put("server.address", settings.getProperty(BIND, LOOPBACK));
        derived.put("management.server.port", operatorPort);
        derived.put("management.server.address", settings.getProperty(OPERATOR_BIND, LOOPBACK));
        derived.put("management.endpoints.web.exposure.include", "health,metrics,prometheus");
        derived.put("management.endpoint.health.show-details", "always");
        // Our own indicators only: a full pool is load, and no reason to be taken out of service.
        derived.put("management.health.defaults.enabled", false);
        derived.put("management.endpoint.health.probes.enabled", false);
        // A reader who takes his time must not keep the whole from ending: all of it has ten seconds.
        derived.put("spring.lifecycle.timeout-per-shutdown-phase", SHUTDOWN_PHASE_MAX);
        switch (settings.getProperty(LOG_FORMAT, "plain")) {
            case "plain" -> {}
            case "json" -> derived.put("logging.structured.format.console", "ecs");
            default -> throw new SettingException(LOG_FORMAT + " must be plain or json");
        }
    }

    private static int port(Environment settings, String name, int standard) {
        String text = settings.getProperty(name, String.valueOf(standard)).strip();
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= PORT_MAX) {
            return Integer.parseInt(text);
        }
        throw new SettingException(name + " must be a port from 1 to " + PORT_MAX + ", or 0 for any free one");
    }
}
