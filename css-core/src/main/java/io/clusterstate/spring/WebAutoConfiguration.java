package io.clusterstate.spring;

import io.clusterstate.json.EcsJacksonModule;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import tools.jackson.databind.JacksonModule;

/** The parts for handlers of HTTP requests: entities of ECS as JSON, and 503 while the view cannot answer. */
@AutoConfiguration(beforeName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@SuppressWarnings("exports") // an application that uses this package requires Spring itself
public final class WebAutoConfiguration {

    /** Creates the configuration, for Spring. */
    public WebAutoConfiguration() {}

    /** Entities as JSON. Spring Boot adds each module that is a bean to its mapper. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JacksonModule.class)
    static final class Json {

        @Bean
        @ConditionalOnMissingBean
        EcsJacksonModule ecsJacksonModule() {
            return new EcsJacksonModule();
        }
    }

    /** 503 from handlers of Spring MVC and of WebFlux. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    @ConditionalOnClass(RestControllerAdvice.class)
    static final class Unavailable {

        @Bean
        UnavailableViewAdvice unavailableViewAdvice() {
            return new UnavailableViewAdvice();
        }
    }
}
