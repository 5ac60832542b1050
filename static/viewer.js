// The thread's pictures at full size, one after the other.
import { add, addButton, icon } from "./elements.js";
import { addTurns } from "./turns.js";

const CLOSE = "M5 5l10 10M15 5L5 15";
const LARGER = "M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3M13.5 13.5 17.5 17.5M6.5 9h5M9 6.5v5";
const SAVE = "M10 3v9.5M5.5 8.5 10 13l4.5-4.5M4 16.5h12";

/** Times the size at which a picture fits. */
const MOST = 6;
const CLICK = 2.5;
const KEY = 1.5;

/** The relay's own files are saved when asked in this way; what others do is theirs. */
const toSave = (address) => address.replace(/(\/files\/[\da-f]{24}\/[^?#]+)(#.*)?$/, "$1?download");

/** Opens with the picture of `link`; the others are the same panel's. */
export const viewer = (words, link) => {
  const { say } = words;
  const panel = link.closest("section");
  const links = [...panel.querySelectorAll("a.image")];
  const dialog = add(panel, "dialog", "viewer");
  const bar = add(dialog, "div", "bar");
  const name = add(bar, "h2", "", { dir: "auto" });
  const place = add(bar, "p", "", { role: "status" });
  const stage = add(dialog, "div", "stage");
  let at, image, fitted, scale, pinched;

  /** So that what is at this point of the window stays there. */
  const zoom = (to, x = innerWidth / 2, y = innerHeight / 2) => {
    const before = image.getBoundingClientRect();
    if (scale == 1) fitted = before.width;
    scale = Math.min(MOST, Math.max(1, to));
    stage.classList.toggle("larger", scale > 1);
    image.style.width = scale > 1 ? `${fitted * scale}px` : "";
    const after = image.getBoundingClientRect();
    const { width, height } = after;
    stage.scrollBy(after.x - x + ((x - before.x) / before.width) * width, after.y - y + ((y - before.y) / before.height) * height);
  };

  const show = (to) => {
    at = (to + links.length) % links.length;
    const { href, firstElementChild: small } = links[at];
    image?.remove();
    scale = 1;
    stage.className = "stage";
    image = add(stage, "img", "", { src: href, alt: small.alt });
    dialog.ariaLabel = name.textContent = small.alt;
    if (links.length > 1) place.textContent = say("place", at + 1).replace("{}", links.length);
    save.href = toSave(href);
    save.dataset.name = small.alt;
  };

  const flip = (event) => zoom(scale > 1 ? 1 : CLICK, event.clientX || undefined, event.clientY || undefined);
  addButton(bar, LARGER, say("zoom"), { onclick: () => flip({}) });
  const title = say("save");
  const save = add(bar, "a", "icon-button", { download: "", target: "_blank", rel: link.rel, ariaLabel: title, title });
  save.append(icon(SAVE));
  addButton(bar, CLOSE, say("closePicture"), { onclick: () => dialog.close() });
  if (links.length > 1) addTurns(dialog, words, (by) => show(at + by));

  stage.onclick = (event) => (event.target == image ? flip(event) : dialog.close());
  stage.onwheel = (event) => {
    // Two fingers on a trackpad.
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(scale * Math.exp(-event.deltaY / 100), event.clientX, event.clientY);
  };
  stage.ontouchmove = (event) => {
    const [one, other] = event.touches;
    if (!other) return;
    event.preventDefault();
    const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    if (pinched) zoom((scale * apart) / pinched, (one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2);
    pinched = apart;
  };
  stage.ontouchend = () => (pinched = 0);
  const forward = getComputedStyle(panel).direction == "rtl" ? -1 : 1;
  const keys = {
    ArrowLeft: () => show(at - forward),
    ArrowRight: () => show(at + forward),
    "+": () => zoom(scale * KEY),
    "-": () => zoom(scale / KEY),
  };
  dialog.onkeydown = (event) => {
    // The panel would close.
    event.stopPropagation();
    keys[event.key]?.();
  };
  dialog.onclose = () => dialog.remove();
  // A page may close the chat meanwhile: what nobody sees must not keep it from being used.
  new ResizeObserver(([{ contentRect }]) => contentRect.width || dialog.close()).observe(dialog);
  show(links.indexOf(link));
  dialog.showModal();
};
