package dev.rackhouse.base.ui;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.ErrorParameter;
import com.vaadin.flow.router.HasErrorParameter;
import com.vaadin.flow.router.ParentLayout;
import com.vaadin.flow.server.auth.AnonymousAllowed;
import dev.rackhouse.base.RemoteFailure;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A page that could not be opened: what went wrong, and the diagnostics to hand on. */
@AnonymousAllowed
@ParentLayout(MainLayout.class)
class FailurePage extends Div implements HasErrorParameter<Exception> {

    private static final Logger LOG = LoggerFactory.getLogger(FailurePage.class);

    @Override
    public int setErrorParameter(BeforeEnterEvent event, ErrorParameter<Exception> parameter) {
        Exception cause = parameter.getException();
        LOG.error("the page /{} could not be opened", event.getLocation().getPath(), cause);
        addClassName("page");
        add(new PageHeader("This page could not be opened"), noticeOf(cause), new Anchor("", "Go to the overview"));
        return HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
    }

    static ErrorNotice noticeOf(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof RemoteFailure remote) {
                return new ErrorNotice(remote);
            }
        }
        return new ErrorNotice(
                "Something went wrong in the console itself",
                "Nothing was changed on a machine by this page. Try again; if it stays, hand on the diagnostics.",
                cause);
    }
}
