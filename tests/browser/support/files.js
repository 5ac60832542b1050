// Files as a visitor has them, and the ways in which they get into the chat.

/** A picture of two by two pixels. */
export const PICTURE = {
  name: "garden.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEUlEQVR4nGPQqzWq2BLFAKEAH7EEx/EqSUsAAAAASUVORK5CYII=",
    "base64",
  ),
};

export const NOTES = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("Two wheels, one bell.") };

export const fileOf = (name, bytes) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.alloc(bytes, 1) });

/** Chooses files in the dialog of the browser. */
export async function pick(page, chat, files) {
  const chooser = page.waitForEvent("filechooser");
  await chat.attach.click();
  await (await chooser).setFiles(files);
}

export const paste = (target, files) => hand(target, ["paste"], files);

/** Holds files over `target`. */
export const drag = (target, files) => hand(target, ["dragenter", "dragover"], files);

export const drop = (target, files) => hand(target, ["drop"], files);

function hand(target, events, files) {
  const plain = files.map(({ name, mimeType, buffer }) => [name, mimeType, buffer.toString("base64")]);
  return target.evaluate(
    (element, [events, files]) => {
      const data = new DataTransfer();
      for (const [name, type, content] of files) {
        const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      const options = { bubbles: true, cancelable: true, composed: true, clipboardData: data, dataTransfer: data };
      for (const event of events) {
        const Kind = event == "paste" ? ClipboardEvent : DragEvent;
        element.dispatchEvent(new Kind(event, options));
      }
    },
    [events, plain],
  );
}
