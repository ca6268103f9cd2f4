package dev.rackhouse.access;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/** Logs the newest hash, so that a log kept elsewhere shows a database that was put back to an earlier day. */
class AuditHeadLog {

    private static final Logger LOG = LoggerFactory.getLogger("dev.rackhouse.access.audit");

    private final AuditChain chain;

    AuditHeadLog(AuditChain chain) {
        this.chain = chain;
    }

    @EventListener(ApplicationReadyEvent.class)
    void write() {
        chain.head().ifPresent(head -> LOG.info("The audit ends with entry {}", head));
    }
}
