package com.customerledger.gateway.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Properties;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What the page is made of: Swagger UI, which comes with the ledger, and a script of ours. Nothing is fetched elsewhere. */
@Configuration(proxyBeanMethods = false)
class PageResources implements WebMvcConfigurer {

    private static final String LIBRARY = "swagger-ui";
    private static final Duration CACHED = Duration.ofHours(1);

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        String library = "classpath:/META-INF/resources/webjars/" + LIBRARY + "/" + version() + "/";
        CacheControl cached = CacheControl.maxAge(CACHED);
        registry.addResourceHandler("/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js")
                .addResourceLocations(library)
                .setCacheControl(cached);
        registry.addResourceHandler("/docs/page.js")
                .addResourceLocations("classpath:/com/customerledger/gateway/openapi/")
                .setCacheControl(cached);
    }

    /** The library's version, which is part of its path: whichever the build has taken. */
    private static String version() {
        try (InputStream properties =
                PageResources.class.getResourceAsStream("/META-INF/maven/org.webjars/" + LIBRARY + "/pom.properties")) {
            if (properties == null) {
                throw new IllegalStateException(LIBRARY + " is not on the class path");
            }
            Properties of = new Properties();
            of.load(properties);
            return of.getProperty("version");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
