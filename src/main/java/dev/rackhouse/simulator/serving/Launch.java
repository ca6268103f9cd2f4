package dev.rackhouse.simulator.serving;

import java.util.List;
import java.util.Map;

/**
 * What a program is started with.
 *
 * @param starting how fast it comes up: what runs since long ago is there at once
 * @param effects counts what is changed by others than Docker
 * @param name of the container or the program
 * @param holder under which it holds ports
 * @param pid of its first process
 * @param gpus UUIDs of the cards that it sees, in its order
 * @param sharedMemoryMiB what its processes may share among each other
 * @param mounts folder in the container to folder on the computer
 * @param ports port in the container to port of the computer
 */
record Launch(
        Computer computer,
        Tempo starting,
        EngineFaults faults,
        Effects effects,
        LogLines log,
        String name,
        String holder,
        int pid,
        List<String> arguments,
        Map<String, String> environment,
        List<String> gpus,
        long sharedMemoryMiB,
        Map<String, String> mounts,
        Map<Integer, Integer> ports) {}
