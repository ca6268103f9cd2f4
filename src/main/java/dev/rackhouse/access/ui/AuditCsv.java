package dev.rackhouse.access.ui;

import dev.rackhouse.access.AuditEntry;
import dev.rackhouse.access.AuditTrail;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The audit as a file for spreadsheets (RFC 4180), page by page. */
final class AuditCsv {

    private static final int PAGE = 1_000;

    private AuditCsv() {}

    static void write(AuditTrail trail, AuditTrail.Filter filter, OutputStream out) throws IOException {
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        writer.write("entry,time,who,role,what,target,detail\r\n");
        for (int offset = 0; ; offset += PAGE) {
            List<AuditEntry> page = trail.find(filter, offset, PAGE);
            for (AuditEntry entry : page) {
                writer.write(line(entry));
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        writer.flush();
    }

    static String line(AuditEntry entry) {
        var role = entry.role();
        return String.join(
                        ",",
                        Long.toString(entry.seq()),
                        entry.at().toString(),
                        cell(entry.who()),
                        cell(role == null ? "" : role.word()),
                        cell(entry.what()),
                        cell(entry.target()),
                        cell(entry.detail()))
                + "\r\n";
    }

    /** Quoted; a text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection). */
    private static String cell(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }
}
