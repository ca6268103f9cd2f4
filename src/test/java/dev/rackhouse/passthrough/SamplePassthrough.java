package dev.rackhouse.passthrough;

import dev.rackhouse.access.Operator;
import dev.rackhouse.base.NodeRef;
import dev.rackhouse.base.Secret;
import dev.rackhouse.runbook.NoRuns;
import dev.rackhouse.runbook.RunId;
import dev.rackhouse.runbook.Runbook;
import dev.rackhouse.runbook.Start;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The capability over sample places; remembers what was started. */
public final class SamplePassthrough implements Sites, NoRuns {

    public final List<Object> startedPlans = new ArrayList<>();
    public final Passthrough passthrough = new Passthrough(this, this, new CreatePassthroughVm(), SampleSites.SETTINGS);
    private final List<Site> sites;

    private SamplePassthrough(Site... sites) {
        this.sites = Arrays.asList(sites);
    }

    public static SamplePassthrough caraxesAndMeraxes() {
        return new SamplePassthrough(SampleSites.caraxes(), SampleSites.of("meraxes"));
    }

    public static NodeRef node(String name) {
        return new NodeRef(SampleSites.LAB, name);
    }

    @Override
    public List<NodeRef> nodes() {
        return sites.stream().map(Site::node).toList();
    }

    @Override
    public String labName(NodeRef node) {
        return "Targaryen";
    }

    @Override
    public Optional<Site> find(NodeRef node) {
        return sites.stream().filter(s -> s.node().equals(node)).findFirst();
    }

    @Override
    public Optional<Site> probe(NodeRef node) {
        return find(node);
    }

    @Override
    public <P> Start start(Runbook<P> runbook, P plan, Operator operator, String reason, Map<String, Secret> secrets) {
        startedPlans.add(plan);
        return new Start.Started(new RunId(startedPlans.size()));
    }
}
