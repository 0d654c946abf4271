package com.customerledger.gateway.http;

import com.customerledger.gateway.http.errors.FailureResolver;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Everything that answers merchants' requests. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
@ComponentScan
@ConfigurationPropertiesScan
public class HttpConfiguration implements WebMvcConfigurer {

    /** In place of Spring's own, which answer in their own words. */
    @Override
    public void configureHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
        resolvers.add(new FailureResolver());
    }
}
