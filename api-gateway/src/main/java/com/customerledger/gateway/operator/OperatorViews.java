package com.customerledger.gateway.operator;

import com.customerledger.events.database.LedgerDatabase;
import com.customerledger.events.views.ViewOperations;
import java.util.ServiceLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * What is on the operators' server beside health and metrics. That server's own context takes it from a file below
 * {@code META-INF/spring}; no configuration by annotation, or the merchants' server would find it by its scan.
 */
final class OperatorViews {

    OperatorViews() {}

    @Bean
    ViewsController viewsController(LedgerDatabase database) {
        return new ViewsController(
                database,
                ServiceLoader.load(ViewOperations.class)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("the read side is not on the class path")));
    }

    @Bean
    RequestMappingHandlerMapping viewsMapping() {
        return new RequestMappingHandlerMapping() {
            @Override
            protected boolean isHandler(Class<?> type) {
                return type == ViewsController.class;
            }
        };
    }
}
