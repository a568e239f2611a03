package com.example;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What css-core and css-memory know, and do not bring. */
class OptionalLibrariesTest {

    @Test
    void noneIsOnTheClassPath() {
        for (String type : List.of(
                "org.springframework.context.ApplicationContext",
                "org.springframework.boot.SpringApplication",
                "tools.jackson.databind.JacksonModule",
                "io.micrometer.core.instrument.MeterRegistry")) {
            assertThrows(ClassNotFoundException.class, () -> Class.forName(type), type);
        }
    }
}
