package io.clusterstate.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application. */
@SpringBootApplication(proxyBeanMethods = false)
public class Application {

    /** Creates the application, for Spring. */
    public Application() {}

    /**
     * Runs the application until the process is stopped.
     *
     * @param arguments properties, such as {@code --css.queue=css_queue}
     */
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }
}
