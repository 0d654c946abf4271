package com.customerledger.gateway.http.server;

import com.customerledger.gateway.http.request.BodySettings;
import java.util.Arrays;
import org.apache.catalina.Context;
import org.apache.catalina.Pipeline;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/** Sets the embedded server up as {@link ServerSettings} says, after Spring Boot did. */
@Component
final class MerchantsPort implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

    /**
     * How much is given to the socket at once, in bytes. With Tomcat's own 8,192 the answer to a batch takes ten calls, each of
     * which wakes its reader. A connection keeps such a buffer.
     */
    private static final int WRITE_BUFFER_BYTES = 32_768;

    private final ServerSettings settings;
    private final BodySettings bodies;
    private final ObjectProvider<RequestThreads> threads;

    MerchantsPort(ServerSettings settings, BodySettings bodies, ObjectProvider<RequestThreads> threads) {
        this.settings = settings;
        this.bodies = bodies;
        this.threads = threads;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(this::limit);
        factory.addContextCustomizers(MerchantsPort::reportErrors);
        factory.addContextValves(new UnreadBodyValve(bodies.maxBodyBytes(), settings.transferTimeoutMs()));
    }

    private void limit(Connector connector) {
        AbstractHttp11Protocol<?> http = (AbstractHttp11Protocol<?>) connector.getProtocolHandler();
        http.setMaxHttpRequestHeaderSize(settings.maxHeaderBytes());
        http.setMaxConnections(settings.maxConnections());
        if (http.getExecutor() == null) {
            // Spring Boot sets one where there are virtual threads.
            http.setExecutor(threads.getObject().executor());
        }
        http.setConnectionTimeout(settings.transferTimeoutMs());
        http.setKeepAliveTimeout(settings.keepAliveTimeoutMs());
        http.setMaxKeepAliveRequests(-1);
        http.setProperty("socket.appWriteBufSize", Integer.toString(WRITE_BUFFER_BYTES));
        // For more than this the server announces that it closes the connection; a valve of ours reads it.
        http.setMaxSwallowSize(bodies.maxBodyBytes());
        // A client that waits for it sends its body only when it is wanted: not after 401, 413 or 415.
        http.setContinueResponseTiming("onRead");
        // Nobody reads parameters from a body. Those of the address are bounded by the header's size, and asked for by
        // Spring's debug log only: a limit would then refuse what is answered otherwise.
        connector.setMaxPostSize(0);
        connector.setMaxParameterCount(-1);
    }

    private static void reportErrors(Context context) {
        StandardHost host = (StandardHost) context.getParent();
        Pipeline pipeline = host.getPipeline();
        Valve[] theirs = Arrays.stream(pipeline.getValves())
                .filter(ErrorReportValve.class::isInstance)
                .toArray(Valve[]::new);
        for (Valve valve : theirs) {
            pipeline.removeValve(valve);
        }
        // The host looks for a valve of this class when it starts, and makes none of its own when it finds one.
        host.setErrorReportValveClass(EnvelopeValve.class.getName());
        pipeline.addValve(new EnvelopeValve());
    }
}
