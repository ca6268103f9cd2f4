package dev.rackhouse.simulator;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What the simulator was asked to start.
 *
 * @param labs names of packed labs; the five of the demo when none was named
 * @param nodes how many nodes to generate in addition, 0 for none
 * @param guests how many guests to spread over them
 * @param openId whether to start the OpenID provider
 * @param directory where state, keys and {@code labs.yaml} lie
 * @param portBase first port; 0 for any free ports
 * @param speed how much faster than real time things happen, 1 is real
 * @param withParent whether to stop when standard input closes
 */
record Options(
        List<String> labs,
        int nodes,
        int guests,
        boolean openId,
        Path directory,
        int portBase,
        double speed,
        boolean withParent) {

    static final List<String> DEMO_LABS = List.of("thor", "targaryen", "home", "bare", "prepared");

    static final String USAGE = """
            usage: simulator [LAB...] [--nodes N --guests N] [--openid] [--dir DIR] [--port-base P] [--speed X] [--with-parent]

              LAB            thor, targaryen, home, bare, prepared, shared-group; none named: the first five
                             (none at all with --nodes or with --openid-only)
              --nodes N      generate N nodes (clusters of at most 32)      --guests N   guests on them
              --openid       start the sample OpenID provider too           --openid-only  only that
              --dir DIR      state, keys, labs.yaml (default: ./simulator)
              --port-base P  first port (default 18000; 0: any free ports)
              --speed X      X times faster than real time (default 1)
              --with-parent  stop when standard input closes
            """;

    /** @throws IllegalArgumentException with a sentence for the person who typed it */
    static Options parse(String[] arguments) {
        List<String> labs = new ArrayList<>();
        int nodes = 0;
        int guests = 0;
        boolean openId = false;
        boolean noLabs = false;
        Path directory = Path.of("simulator");
        int portBase = 18000;
        double speed = 1;
        boolean withParent = false;
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String word = rest.pop();
            switch (word) {
                case "--nodes" -> nodes = number(word, rest);
                case "--guests" -> guests = number(word, rest);
                case "--openid" -> openId = true;
                case "--openid-only" -> {
                    openId = true;
                    noLabs = true;
                }
                case "--dir" -> directory = Path.of(value(word, rest));
                case "--port-base" -> portBase = number(word, rest);
                case "--speed" -> speed = Double.parseDouble(value(word, rest));
                case "--with-parent" -> withParent = true;
                default -> {
                    if (word.startsWith("-")) {
                        throw new IllegalArgumentException("Unknown option " + word);
                    }
                    labs.add(word);
                }
            }
        }
        if (guests > 0 && nodes == 0) {
            throw new IllegalArgumentException("--guests needs --nodes");
        }
        if (labs.isEmpty() && nodes == 0 && !noLabs) {
            labs.addAll(DEMO_LABS);
        }
        if (speed <= 0) {
            throw new IllegalArgumentException("--speed must be more than 0");
        }
        return new Options(
                List.copyOf(labs), nodes, guests, openId, directory.toAbsolutePath(), portBase, speed, withParent);
    }

    private static int number(String option, Deque<String> rest) {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // told below
        }
        throw new IllegalArgumentException(option + " wants a number, not " + text);
    }

    private static String value(String option, Deque<String> rest) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(option + " wants a value");
        }
        return rest.pop();
    }
}
