/** What serves models on pretend computers: Docker with its Engine API, vLLM and llama.cpp with their memory on the cards, and the router. */
@NullMarked
package dev.rackhouse.simulator.serving;

import org.jspecify.annotations.NullMarked;
