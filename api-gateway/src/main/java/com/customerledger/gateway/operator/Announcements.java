package com.customerledger.gateway.operator;

import com.customerledger.gateway.health.Readiness;
import com.customerledger.gateway.settings.DataDirectory;
import com.customerledger.gateway.settings.LedgerSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** Says where this node is to be found: in the log when it answers, and for operators in a file. For the starting thread. */
final class Announcements implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    /** The views are prepared beside the start, and are there a moment later. */
    private static final long READY_WITHIN_MS = 5_000;

    private static final long EVER_MS = TimeUnit.DAYS.toMillis(365);

    private final DataDirectory directory;
    private final Environment settings;
    private final Readiness readiness;
    private @Nullable String url;
    private @Nullable String operatorUrl;
    private @Nullable Thread waiting;

    Announcements(DataDirectory directory, Environment settings, Readiness readiness) {
        this.directory = directory;
        this.settings = settings;
        this.readiness = readiness;
    }

    @EventListener
    void listening(WebServerInitializedEvent event) {
        int port = event.getWebServer().getPort();
        if (WebServerApplicationContext.hasServerNamespace(event.getApplicationContext(), "management")) {
            operatorUrl = url("management.server", port);
            directory.write(DataDirectory.OPERATOR_URL, operatorUrl);
        } else {
            url = url("server", port);
        }
    }

    @EventListener(ApplicationReadyEvent.class)
    void ready() throws InterruptedException {
        warnOfPlainText("server", LedgerSettings.BIND, "keys and customers' data");
        warnOfPlainText("management.server", LedgerSettings.OPERATOR_BIND, "the operators' password");
        if (readiness.await(READY_WITHIN_MS)) {
            sayReady();
            return;
        }
        LOG.warn(
                "The ledger listens at {} and can't answer every call yet; the reason is in the health at {}",
                url,
                operatorUrl);
        Thread thread = new Thread(this::sayWhenReady, "announcements");
        thread.setDaemon(true);
        waiting = thread;
        thread.start();
    }

    private void sayWhenReady() {
        try {
            readiness.await(EVER_MS);
            sayReady();
        } catch (InterruptedException ending) {
            // The node ends before it was ever ready: there is nothing to say.
            Thread.currentThread().interrupt();
        }
    }

    private void sayReady() {
        LOG.info("The ledger is ready: {} (description at {}/docs), operators at {}", url, url, operatorUrl);
    }

    @Override
    public void destroy() {
        Thread thread = waiting;
        if (thread != null) {
            thread.interrupt();
        }
        if (operatorUrl != null) {
            directory.remove(DataDirectory.OPERATOR_URL, operatorUrl);
        }
    }

    private void warnOfPlainText(String server, String setting, String whatIsToBeSeen) {
        if (!encrypted(server) && !address(server).isLoopbackAddress()) {
            LOG.warn(
                    "{} is {} and there is no TLS: {} can be read on the network. Set {}.ssl.bundle, or have a proxy"
                            + " encrypt and bind to 127.0.0.1",
                    setting,
                    settings.getProperty(server + ".address"),
                    whatIsToBeSeen,
                    server);
        }
    }

    private String url(String server, int port) {
        InetAddress address = address(server);
        String host = address.isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getHostAddress().contains(":")
                        ? "[" + address.getHostAddress() + "]"
                        : address.getHostAddress();
        return (encrypted(server) ? "https" : "http") + "://" + host + ":" + port;
    }

    private boolean encrypted(String server) {
        return Ssl.isEnabled(
                Binder.get(settings).bind(server + ".ssl", Ssl.class).orElse(null));
    }

    private InetAddress address(String server) {
        String host = settings.getRequiredProperty(server + ".address");
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new IllegalStateException("a server listens on " + host, unknown);
        }
    }
}
