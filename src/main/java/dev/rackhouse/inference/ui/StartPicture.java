package dev.rackhouse.inference.ui;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import dev.rackhouse.base.ui.ElapsedLabel;
import dev.rackhouse.base.ui.TimeLabel;
import dev.rackhouse.inference.live.StartTimeline;
import dev.rackhouse.inference.live.StartTimeline.Progress;
import dev.rackhouse.inference.live.StartTimeline.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The start of an engine as a line of phases, each as wide as it is long: what it took, what is usual, where it is now. */
class StartPicture extends Div {

    StartPicture(StartTimeline start, Instant now) {
        addClassName("start");
        Div line = new Div();
        line.addClassName("start-line");
        line.getElement().setAttribute("role", "list");
        start.steps().forEach(step -> line.add(phase(step, start, now)));
        add(sentence(start), line);
    }

    /** What makes the picture another one: seconds tick in the browser. */
    static String standing(StartTimeline start) {
        return start.startedAt() + " " + start.readyAt() + start.steps() + start.usual();
    }

    private static Component sentence(StartTimeline start) {
        Div sentence = new Div();
        sentence.addClassNames("row", "muted");
        String usual = (start.learned() ? "usually at most " : "elsewhere about ") + LiveWords.time(start.usual());
        Instant ready = start.readyAt();
        if (ready == null) {
            sentence.add(new Span("Under way for"), new ElapsedLabel(start.startedAt(), null), new Span(usual));
        } else {
            sentence.add(
                    new Span("Ready after " + LiveWords.time(Duration.between(start.startedAt(), ready)) + ", " + usual
                            + "; began"),
                    new TimeLabel(start.startedAt()));
        }
        return sentence;
    }

    private static Div phase(Step step, StartTimeline start, Instant now) {
        boolean late = step.progress() != Progress.AHEAD
                && start.learned()
                && step.took(now).compareTo(step.most().multipliedBy(3).dividedBy(2)) > 0
                && step.took(now).minus(step.most()).compareTo(Duration.ofSeconds(5)) > 0;
        Span bar = new Span();
        bar.addClassName("start-bar");
        Span name = new Span(step.phase().word());
        name.addClassNames("start-name", "clip");
        Span took = new Span();
        took.addClassNames("start-took", "figure");
        Instant from = step.from();
        switch (step.progress()) {
            case DONE -> took.setText(LiveWords.time(step.took(now)));
            case NOW -> took.add(new ElapsedLabel(from == null ? now : from, null));
            case AHEAD -> took.setText(LiveWords.UNKNOWN);
        }
        Span usual = new Span((late ? "longer than " : "usually ") + LiveWords.time(step.median()));
        usual.addClassNames("small", late ? "start-late" : "faint", "clip");
        Div phase = new Div(bar, name, took, usual);
        phase.addClassNames("start-phase", step.progress().name().toLowerCase(Locale.ROOT));
        phase.getElement().setAttribute("role", "listitem");
        phase.setTitle("It " + step.phase().doing() + ": half of the starts need at most "
                + LiveWords.time(step.median()) + ", nearly all " + LiveWords.time(step.most()) + ".");
        phase.getStyle().set("flex-grow", String.format(Locale.ROOT, "%.2f", width(step, now)));
        return phase;
    }

    private static double width(Step step, Instant now) {
        Duration shown = step.progress() == Progress.DONE
                ? step.took(now)
                : step.took(now).compareTo(step.median()) > 0 ? step.took(now) : step.median();
        return Math.max(1, shown.toMillis() / 1000.0);
    }
}
