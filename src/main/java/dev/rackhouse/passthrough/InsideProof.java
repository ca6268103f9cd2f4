package dev.rackhouse.passthrough;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a run looks into a guest, beside what the host shows about it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface InsideProof {

    /** Not at all: the host's view must do. */
    record None() implements InsideProof {}

    /** The guest agent reads a file of a Linux kernel. */
    record Agent() implements InsideProof {}

    /** The console signs in through the node. */
    record Ssh(String user, String address) implements InsideProof {}
}
