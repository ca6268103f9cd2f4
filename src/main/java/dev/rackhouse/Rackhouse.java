package dev.rackhouse;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The console. */
@SpringBootApplication
public class Rackhouse {

    public static void main(String[] arguments) {
        SpringApplication.run(Rackhouse.class, arguments);
    }
}
