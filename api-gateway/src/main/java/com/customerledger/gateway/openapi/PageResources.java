package com.customerledger.gateway.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.PathResourceResolver;

/**
 * What the page is made of: Swagger UI, which comes with the ledger, and a script of ours. Nothing else of the library is to
 * be had: its own page would show an API of somebody else's.
 */
@Configuration(proxyBeanMethods = false)
class PageResources implements WebMvcConfigurer {

    private static final Duration CACHED = Duration.ofHours(1);

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        String library = "META-INF/resources/webjars/swagger-ui/" + version() + "/";
        Map<String, Resource> files = Map.of(
                "swagger-ui.css", new ClassPathResource(library + "swagger-ui.css"),
                "swagger-ui-bundle.js", new ClassPathResource(library + "swagger-ui-bundle.js"),
                "page.js", new ClassPathResource("page.js", PageResources.class));
        registry.addResourceHandler("/docs/*")
                .addResourceLocations("classpath:/" + library)
                .setCacheControl(CacheControl.maxAge(CACHED))
                .resourceChain(false)
                .addResolver(new PathResourceResolver() {
                    @Override
                    protected @Nullable Resource getResource(String path, Resource location) {
                        return files.get(path);
                    }
                });
    }

    /** The library's version, which is part of its path: whichever the build has taken. */
    private static String version() {
        try (InputStream properties =
                PageResources.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            if (properties == null) {
                throw new IllegalStateException("Swagger UI is not on the class path");
            }
            Properties of = new Properties();
            of.load(properties);
            return of.getProperty("version");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
