package dev.rackhouse.preparation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words in /etc/default/grub: added where sh would read them, and nowhere else. */
class GrubDefaultsTest {

    private static final String NAME = GrubDefaults.NAME;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "\"quiet\"|\"quiet iommu=pt\"",
                "'quiet'|'quiet iommu=pt'",
                "quiet|\"quiet iommu=pt\"",
                "\"\"|\"iommu=pt\"",
                "''|'iommu=pt'",
                "\"quiet splash\" # by hand|\"quiet splash iommu=pt\" # by hand",
                "\"iommu=off quiet\"|\"iommu=pt quiet\"",
                "\"quiet  iommu=pt\"|\"quiet  iommu=pt\"",
                "\"say=\\\"a b\\\" quiet\"|\"say=\\\"a b\\\" quiet iommu=pt\"",
                "'cost=$5'|'cost=$5 iommu=pt'"
            })
    void addsOnlyWhatIsMissing(String value, String expected) {
        assertThat(edited(NAME + "=" + value + "\n")).isEqualTo(NAME + "=" + expected + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                NAME + "=\"quiet $EXTRA\"",
                NAME + "=\"$(cat /etc/words)\"",
                NAME + "=\"`words`\"",
                NAME + "=\"quiet \\\nsplash\"",
                NAME + "=\"quiet",
                NAME + "+=\" quiet\"",
                NAME + "=\"quiet\"; echo done",
                NAME + "=qui\"et\"",
                "if [ -e /x ]; then\n" + NAME + "=\"quiet\"\nfi",
                "words() { echo quiet; }\n" + NAME + "=\"quiet\""
            })
    void refusesWhatIsBuiltFromSomethingElse(String text) {
        assertThat(GrubDefaults.withWords(text + "\n", List.of("iommu=pt")))
                .isInstanceOfSatisfying(
                        GrubDefaults.Edit.Refused.class,
                        refused -> assertThat(refused.sentence()).startsWith("/etc/default/grub cannot be edited safely: "));
    }

    @Test
    void theLastAssignmentCounts() {
        assertThat(edited(NAME + "=\"old\"\n# " + NAME + "=\"no\"\n" + NAME + "=\"quiet\"\nGRUB_TIMEOUT=5\n"))
                .isEqualTo(NAME + "=\"old\"\n# " + NAME + "=\"no\"\n" + NAME
                        + "=\"quiet iommu=pt\"\nGRUB_TIMEOUT=5\n");
    }

    @Test
    void aFileWithoutTheVariableGetsIt() {
        assertThat(edited("GRUB_TIMEOUT=5")).isEqualTo("GRUB_TIMEOUT=5\n" + NAME + "=\"iommu=pt\"\n");
    }

    @Test
    void takesOnlyStrayLinesOut() {
        assertThat(GrubDefaults.withoutStrayLines(
                        "intel_iommu=on\n" + NAME + "=\"intel_iommu=on\"\n  iommu=pt\n#iommu=pt\nx=1\n"))
                .isEqualTo(NAME + "=\"intel_iommu=on\"\n#iommu=pt\nx=1\n");
    }

    @Test
    void knowsASnippetThatThrowsTheFilesWordsAway() {
        assertThat(GrubDefaults.overrides(NAME + "=\"quiet\"\n")).isTrue();
        assertThat(GrubDefaults.overrides(NAME + "=\"$" + NAME + " quiet\"\n")).isFalse();
        assertThat(GrubDefaults.overrides("GRUB_DISTRIBUTOR=\"Proxmox\"\n")).isFalse();
    }

    @Test
    void readsHowLongTheMenuIsShown() {
        assertThat(GrubDefaults.menuSeconds("GRUB_TIMEOUT=5\n")).isEqualTo(5);
        assertThat(GrubDefaults.menuSeconds("GRUB_TIMEOUT=\"0\"\n")).isZero();
        assertThat(GrubDefaults.menuSeconds("GRUB_TIMEOUT=5\nGRUB_TIMEOUT_STYLE=hidden\n")).isZero();
        assertThat(GrubDefaults.menuSeconds("")).isNull();
    }

    private static String edited(String text) {
        return switch (GrubDefaults.withWords(text, List.of("iommu=pt"))) {
            case GrubDefaults.Edit.Edited(String edited) -> edited;
            case GrubDefaults.Edit.Refused(String sentence) -> throw new AssertionError(sentence);
        };
    }
}
