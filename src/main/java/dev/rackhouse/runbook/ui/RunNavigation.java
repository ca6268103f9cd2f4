package dev.rackhouse.runbook.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.ElapsedLabel;
import dev.rackhouse.base.ui.Glyph;
import dev.rackhouse.base.ui.NavEntry;
import dev.rackhouse.base.ui.Panel;
import dev.rackhouse.base.ui.SearchHit;
import dev.rackhouse.base.ui.SearchSource;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.ShellItem;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.runbook.RunFeed;
import dev.rackhouse.runbook.RunFilter;
import dev.rackhouse.runbook.RunRoutes;
import dev.rackhouse.runbook.RunState;
import dev.rackhouse.runbook.RunSummary;
import dev.rackhouse.runbook.Runs;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Where runs are seen outside their own pages: on the bar, on the overview, in the search. */
@Configuration(proxyBeanMethods = false)
class RunNavigation {

    @Bean
    NavEntry runsEntry() {
        return new NavEntry(100, "Runs", RunRoutes.RUNS);
    }

    @Bean
    ShellItem openRuns(Runs runs, RunFeed feed) {
        return new ShellItem() {
            @Override
            public int order() {
                return 10;
            }

            @Override
            public Component create() {
                Anchor link = new Anchor(RunRoutes.RUNS, "");
                link.addClassNames("shell-button", "shell-runs");
                Live.follow(link, feed::onAny, () -> count(link, runs));
                return link;
            }
        };
    }

    private static void count(Anchor link, Runs runs) {
        int open = runs.count(RunFilter.open());
        int asking = runs.count(RunFilter.in(Set.of(RunState.STOPPED, RunState.UNDO_STOPPED, RunState.NEEDS_APPROVAL)));
        String word = open + (open == 1 ? " run" : " runs");
        if (word.equals(link.getElement().getAttribute("data-word"))
                && Integer.toString(asking).equals(link.getElement().getAttribute("data-asking"))) {
            return;
        }
        link.getElement().setAttribute("data-word", word).setAttribute("data-asking", Integer.toString(asking));
        link.setVisible(open > 0);
        link.removeAll();
        link.add(StatusBadge.of(asking > 0 ? "attention" : "running", word));
        link.setTitle(asking > 0 ? asking + " waiting for a person" : "under way");
    }

    @Bean
    Panel runningRuns(Runs runs, RunFeed feed) {
        return new Panel() {
            @Override
            public String page() {
                return "overview";
            }

            @Override
            public int order() {
                return 40;
            }

            @Override
            public Component create() {
                Div list = new Div();
                list.addClassName("stack");
                Section section = new Section("Runs under way", list).beside(new Anchor(RunRoutes.RUNS, "All runs"));
                Live.follow(section, feed::onAny, () -> fill(section, list, runs));
                return section;
            }
        };
    }

    private static void fill(Section section, Div list, Runs runs) {
        List<RunSummary> open = runs.list(RunFilter.open(), 0, 8);
        section.setVisible(!open.isEmpty());
        list.removeAll();
        for (RunSummary run : open) {
            Span message = new Span(run.message());
            message.addClassNames("small", "faint", "clip", "grow");
            Div row = new Div(
                    RunBadges.of(run.state()),
                    new Anchor(RunRoutes.run(run.id()), run.title()),
                    new ElapsedLabel(run.createdAt(), run.finishedAt()),
                    message);
            row.addClassName("row");
            list.add(row);
        }
    }

    @Bean
    SearchSource runSearch(Runs runs) {
        return new SearchSource() {
            @Override
            public int order() {
                return 60;
            }

            @Override
            public List<SearchHit> search(String query, int limit) {
                RunFilter filter = query.isBlank()
                        ? RunFilter.open()
                        : new RunFilter(Set.of(), null, null, null, query, null, null);
                return runs.list(filter, 0, limit).stream()
                        .map(run -> new SearchHit(
                                Glyph.Kind.RUN,
                                run.title(),
                                "run " + run.id() + ", " + run.state().word(),
                                RunRoutes.run(run.id())))
                        .toList();
            }
        };
    }
}
