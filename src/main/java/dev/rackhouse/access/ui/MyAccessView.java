package dev.rackhouse.access.ui;

import com.vaadin.flow.component.html.NativeTable;
import com.vaadin.flow.component.html.NativeTableCell;
import com.vaadin.flow.component.html.NativeTableHeaderCell;
import com.vaadin.flow.component.html.NativeTableRow;
import com.vaadin.flow.router.PageTitle;
import com.vaadin.flow.router.Route;
import dev.rackhouse.access.CurrentOperator;
import dev.rackhouse.access.Operator;
import dev.rackhouse.access.Role;
import dev.rackhouse.access.signin.ConsoleUser;
import dev.rackhouse.access.signin.RoleMapping;
import dev.rackhouse.base.Verdict;
import dev.rackhouse.base.ui.Facts;
import dev.rackhouse.base.ui.Notice;
import dev.rackhouse.base.ui.Page;
import dev.rackhouse.base.ui.PageHeader;
import dev.rackhouse.base.ui.Section;
import dev.rackhouse.base.ui.StatusBadge;
import dev.rackhouse.base.ui.TimeLabel;
import jakarta.annotation.security.PermitAll;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who I am here, what I may do, and why. */
@Route(AccessRoutes.MY_ACCESS)
@PageTitle("My access · Rackhouse")
@PermitAll
class MyAccessView extends Page {

    private static final List<String> TITLES = List.of("Role", "Yours", "What it may do", "Given to members of");

    MyAccessView(CurrentOperator current, RoleMapping mapping) {
        Operator operator = current.get();
        Optional<ConsoleUser> user = ConsoleUser.current();
        add(new PageHeader("My access")
                .subtitle("You are " + operator.name() + ", with the role "
                        + operator.role().word() + "."));
        if (user.isEmpty()) {
            add(new Notice(
                    Verdict.Level.ATTENTION,
                    "You came in by the emergency sign-in",
                    "The role does not come from groups. Sign out and use the provider as soon as it is back."));
        }
        List<String> groups = user.map(ConsoleUser::groups).orElse(List.of());
        add(new Section("Roles", roles(operator, groups, mapping, user.isPresent())));
        user.ifPresent(person -> add(new Section("What the provider said", said(person))));
    }

    private static NativeTable roles(Operator operator, List<String> groups, RoleMapping mapping, boolean byGroups) {
        NativeTable table = new NativeTable();
        table.addClassNames("table", "stacked-table");
        NativeTableRow head = new NativeTableRow();
        for (String title : TITLES) {
            head.add(new NativeTableHeaderCell(title));
        }
        table.getHead().add(head);
        for (Role role : Role.values()) {
            NativeTableRow row = new NativeTableRow();
            row.add(
                    new NativeTableCell(role.word()),
                    new NativeTableCell(
                            operator.may(role)
                                    ? StatusBadge.of("ok", why(role, operator, groups, mapping, byGroups))
                                    : StatusBadge.of("off", "no")),
                    new NativeTableCell(role.mayDo()),
                    new NativeTableCell(String.join(", ", mapping.asked(role))));
            for (int i = 1; i < TITLES.size(); i++) {
                row.getCell(i).orElseThrow().getElement().setAttribute("data-label", TITLES.get(i));
            }
            table.getBody().add(row);
        }
        return table;
    }

    private static String why(
            Role role, Operator operator, List<String> groups, RoleMapping mapping, boolean byGroups) {
        if (!byGroups) {
            return "emergency user";
        }
        List<String> giving = mapping.giving(role, groups);
        return giving.isEmpty() ? "included in " + operator.role().word() : "you are in " + String.join(", ", giving);
    }

    private static Facts said(ConsoleUser person) {
        Facts facts = new Facts();
        facts.fact("Name", Optional.ofNullable(person.getFullName()).orElse(person.getName()));
        facts.fact("Groups", person.groups().isEmpty() ? "none" : String.join(", ", person.groups()));
        facts.code("Issuer", String.valueOf(person.getIssuer()));
        facts.code("Identity there", java.util.Objects.toString(person.getSubject(), ""));
        Instant issued = person.getIssuedAt();
        if (issued != null) {
            facts.fact("Signed in", new TimeLabel(issued));
        }
        return facts;
    }
}
