package dev.rackhouse.passthrough.ui;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import dev.rackhouse.base.ByteSize;
import dev.rackhouse.passthrough.PassthroughDraft;
import dev.rackhouse.passthrough.PassthroughDraft.Field;
import dev.rackhouse.passthrough.Site;
import java.util.List;
import java.util.Objects;

/** Where the disk lies, and from which image it is made. */
final class DiskPage extends StepPage {

    private static final String DOWNLOAD = "Download an image";
    private static final String LYING = "Use an image that lies there";

    private final Select<String> storage = new Select<>();
    private final TextField size;
    private final RadioButtonGroup<String> source = new RadioButtonGroup<>("Image", DOWNLOAD, LYING);
    private final Select<String> volume = new Select<>();
    private final TextField url;
    private final TextField checksum;
    private final Select<String> imageStorage = new Select<>();
    private List<Site.Storage> storages = List.of();
    private List<Site.Image> images = List.of();

    DiskPage(WizardPresenter presenter) {
        size = text("Disk in GiB", presenter, PassthroughDraft.Edit::diskGiB);
        url = text("Address of the image", presenter, PassthroughDraft.Edit::imageUrl);
        checksum = text("Checksum", presenter, PassthroughDraft.Edit::imageChecksum);
        checksum.setHelperText(
                "SHA-256 or SHA-512, from the publisher's page. A file that does not match is thrown away.");
        setUp(storage, "Storage for the disks", value -> presenter.edit(edit -> edit.storage(value)));
        setUp(volume, "Image", value -> presenter.edit(edit -> edit.imageVolume(value)));
        setUp(imageStorage, "Storage for the image", value -> presenter.edit(edit -> edit.imageStorage(value)));
        source.addValueChangeListener(change -> {
            if (change.isFromClient()) {
                boolean download = DOWNLOAD.equals(change.getValue());
                presenter.edit(edit -> edit.imageVolume(
                        download || images.isEmpty() ? "" : images.getFirst().volume()));
            }
        });
        Div disk = new Div(storage, size);
        disk.addClassName("wizard-fields");
        Div image = new Div(volume, url, checksum, imageStorage);
        image.addClassNames("stack", "wizard-wide");
        add(disk, source, image);
    }

    private static void setUp(Select<String> select, String label, java.util.function.Consumer<String> chosen) {
        select.setLabel(label);
        select.setManualValidation(true);
        select.addValueChangeListener(change -> {
            if (change.isFromClient() && change.getValue() != null) {
                chosen.accept(change.getValue());
            }
        });
    }

    @Override
    void show(WizardState state) {
        PassthroughDraft draft = state.draft();
        Site site = state.site();
        if (site != null && (!site.storages().equals(storages) || !site.images().equals(images))) {
            storages = site.storages();
            images = site.images().stream()
                    .filter(i -> i.volume().contains(":import/"))
                    .toList();
            storage.setItemLabelGenerator(this::storageLabel);
            imageStorage.setItemLabelGenerator(this::storageLabel);
            storage.setItems(named("images"));
            imageStorage.setItems(named("import"));
            volume.setItems(images.stream().map(Site.Image::volume).toList());
        }
        choose(storage, draft.storage());
        choose(imageStorage, draft.imageStorage());
        choose(volume, draft.imageVolume());
        mark(storage, state, Field.STORAGE);
        mark(imageStorage, state, Field.IMAGE_STORAGE);
        mark(volume, state, Field.IMAGE);
        fill(size, draft.diskGiB(), state, Field.DISK);
        fill(url, draft.imageUrl(), state, Field.IMAGE_URL);
        fill(checksum, draft.imageChecksum(), state, Field.IMAGE_CHECKSUM);
        boolean download = draft.imageVolume().isBlank();
        source.setValue(download ? DOWNLOAD : LYING);
        source.setVisible(!images.isEmpty());
        volume.setVisible(!download);
        url.setVisible(download);
        checksum.setVisible(download);
        imageStorage.setVisible(download);
    }

    private List<String> named(String content) {
        return storages.stream()
                .filter(s -> s.holds(content))
                .map(Site.Storage::name)
                .toList();
    }

    private static void choose(Select<String> select, String value) {
        boolean there = select.getListDataView().getItems().anyMatch(value::equals);
        if (there && !Objects.equals(select.getValue(), value)) {
            select.setValue(value);
        } else if (!there) {
            select.clear();
        }
    }

    private String storageLabel(String name) {
        return storages.stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .map(s -> {
                    ByteSize free = s.available();
                    return name + " · " + s.type() + (free == null ? "" : " · " + free + " free");
                })
                .orElse(name);
    }
}
