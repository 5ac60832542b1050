// What is fetched when it is first needed.
import { beside } from "./assets.js";

/** All of it. */
export const later = () => import(beside("later.js"));

/** Each kind of element in the thread that leads to something of it, which takes the words and the element. */
const LEADING = { image: "viewer", webview: "webview" };

const breakPicture = ({ target }) => target.closest("a")?.classList.remove("image");

/**
 * `media(what, element)` has something of it played. What the visitor presses in the panel and leads there does
 * so by itself; a link is opened where it does not come.
 */
export const createMedia = (panel, words) => {
  const play = (what, element) =>
    later().then(
      (all) => all[what](words, element),
      () => element.href && open(element.href, "_blank", "noopener"),
    );

  panel.onclick = (event) => {
    const element = event.target.closest("a");
    const what = Object.keys(LEADING).find((name) => element?.classList.contains(name));
    if (!what) return;
    event.preventDefault();
    play(LEADING[what], element);
  };
  // What cannot be shown has a name all the same. Errors of pictures do not bubble.
  panel.addEventListener("error", breakPicture, true);
  return play;
};
