package dev.rackhouse.base.ui;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.server.ServiceInitEvent;
import com.vaadin.flow.server.VaadinServiceInitListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** An error in the handling of a click is shown where the person is, typed input stays. */
@Component
class ErrorsShown implements VaadinServiceInitListener {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorsShown.class);

    @Override
    public void serviceInit(ServiceInitEvent event) {
        event.getSource()
                .addSessionInitListener(init -> init.getSession().setErrorHandler(error -> {
                    LOG.error("an action on a page failed", error.getThrowable());
                    UI ui = UI.getCurrent();
                    if (ui != null) {
                        ui.access(() -> show(error.getThrowable()));
                    }
                }));
    }

    private static void show(Throwable cause) {
        Dialog dialog = new Dialog(FailurePage.noticeOf(cause));
        dialog.setHeaderTitle("That did not work");
        dialog.getFooter().add(new Button("Back to the page", click -> dialog.close()));
        dialog.setMaxWidth("min(720px, 94vw)");
        dialog.open();
    }
}
