package dev.rackhouse.inventory;

import dev.rackhouse.base.NodeRef;
import dev.rackhouse.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The inventory put together by hand over a real database and a pretend rack, with a clock that is moved. */
final class House {

    private static DataSource shared;

    final PretendRack rack;
    final SettableClock clock = new SettableClock("2026-11-21T06:00:00Z");
    final InventorySettings settings = InventorySettings.defaults();
    final JdbcTemplate jdbc;
    final Contacts contacts;
    final Revisions revisions;
    final Collectors collectors;
    final Probes probes;
    final LabCollector collector;
    final LabCollector.Parts parts;
    final Inventory inventory;
    final List<Object> events = new ArrayList<>();

    House(PretendRack rack) {
        this.rack = rack;
        DataSource source = source();
        jdbc = new JdbcTemplate(source);
        var client = JdbcClient.create(source);
        var transactions = new TransactionTemplate(new JdbcTransactionManager(source));
        var changes = new ChangeLog(jdbc);
        var facts = new FactStore(jdbc, transactions, changes);
        var configs = new GuestConfigs(jdbc, transactions, changes);
        contacts = new Contacts(client);
        var samples = new Samples(jdbc);
        var reader = new DetailReader(rack, facts, configs, contacts, jdbc, clock);
        probes = new Probes(rack, facts, configs, contacts, jdbc, transactions, settings, clock);
        var stored = new StoredDetails(contacts, jdbc);
        revisions = new Revisions(contacts, events::add);
        parts = new LabCollector.Parts(rack, facts, contacts, samples, reader, probes, stored, settings, clock);
        collectors = new Collectors(rack, facts, contacts, samples, reader, probes, stored, revisions, settings, clock);
        collector = replica("replica-1");
        inventory = new Inventory(
                new LabDirectory(rack, contacts, settings, clock),
                new NodeQueries(client, contacts),
                new GuestQueries(jdbc),
                new DeviceQueries(jdbc, configs, probes, contacts),
                new NetworkQueries(jdbc, contacts),
                new StorageQueries(jdbc),
                new ChangeQueries(jdbc),
                probes,
                contacts,
                collectors,
                new OpenedDetails(collectors, reader, contacts, revisions, jdbc, settings, clock),
                new Histories(rack, collectors, settings, clock),
                jdbc,
                settings,
                clock);
    }

    private static synchronized DataSource source() {
        if (shared == null) {
            shared = TestDatabase.migrated();
        }
        return shared;
    }

    /** Another replica of the console on the same database. */
    LabCollector replica(String holder) {
        return new LabCollector(rack.lab, holder, new Allowance(clock), parts);
    }

    boolean cycle() {
        return collector.cycle(rack.labs().getFirst(), false);
    }

    /** One cycle each interval, as long as this takes. */
    void run(Duration time, boolean watched) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(settings.interval())) {
            collector.cycle(rack.labs().getFirst(), watched);
            clock.pass(settings.interval());
        }
    }

    NodeRef node(String name) {
        return new NodeRef(rack.lab, name);
    }

    long revision() {
        return contacts.lab(rack.lab).orElseThrow().revision();
    }

    /** Waits for what runs on a thread of its own. */
    static void eventually(java.util.function.BooleanSupplier condition) {
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(10)).until(condition::getAsBoolean);
    }
}
