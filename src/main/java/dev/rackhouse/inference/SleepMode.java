package dev.rackhouse.inference;

/**
 * vLLM's sleep mode, as its containers ask for it. Its addresses exist only with the flag and the variable together, and the variable
 * opens all of vLLM's addresses for developers, without a key, to whoever reaches the port (vLLM 0.29).
 */
public final class SleepMode {

    public static final String FLAG = "--enable-sleep-mode";

    public static final String VARIABLE = "VLLM_SERVER_DEV_MODE";

    private SleepMode() {}
}
