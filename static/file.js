// A message that is a file: a row with its kind, name and size, and what a browser can show of it. A picture that it cannot
// show leaves the row (`lazy.js`).
import { add, create, icon } from "./elements.js";

/** CSS pixels that a picture in the thread is high at most, and wide at least where that makes it small. */
const HIGHEST = 320;
const NARROWEST = 48;

const PAPER = "M5.5 2.5h6L15 6v11.5H5.5zM11 2.5V6.5h4";

/** The address says how large a picture is, as `#1200x800`: so it has its place before it has loaded. */
const paint = (image, address) => {
  const [, width, height] = /#(\d{1,5})x(\d{1,5})$/.exec(address) ?? [];
  if (width > 0 && height > 0) {
    const scale = Math.min(1, HIGHEST / height);
    image.width = Math.max(width * scale, scale < 1 && NARROWEST);
    image.height = height * scale;
  }
  image.src = address;
};

/** Gives what shows the file at an address of the web; `title` and `bytes` may be unknown. */
export const showFile = (words, address, media, title, bytes) => {
  const [kind] = media.split("/");
  const name = title || address.split(/[?#]/)[0].split("/").filter(Boolean).pop();
  const link = create("a", "file", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" });
  link.dataset.name = name;
  if (kind == "image") {
    link.className = "file image";
    paint(add(link, "img", "", { alt: name, loading: "lazy" }), address);
  }
  const [, ending] = /\.(\w{1,4})$/.exec(name) ?? [];
  add(link, "span", "kind", { ariaHidden: true }).append(ending ?? icon(PAPER));
  const about = add(link, "span", "", { dir: "auto", textContent: name });
  if (bytes) add(about, "small", "", { textContent: words.size(bytes) });
  if (kind != "audio" && kind != "video") return link;
  const shown = create("div");
  add(shown, kind, "", { controls: true, preload: "metadata", ariaLabel: name, src: address });
  shown.append(link);
  return shown;
};
