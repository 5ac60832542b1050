// On a phone the chat covers the page: the page behind keeps its place, and the chat has what the keyboard leaves of
// the screen. (`100dvh` knows of the browser's bars, and of no keyboard; `interactive-widget` is Chromium's alone.)

const PHONE = "(max-width: 479px)";

/** Keeps the chat of `host` to the screen for as long as it `isOpened()`. Gives what to do when that has changed, and its end. */
export const coverPage = (host, isOpened) => {
  const phone = matchMedia(PHONE);
  const view = window.visualViewport;
  const page = document.documentElement.style;
  let before; // the page's own overflow, while it is hidden

  const fit = () => {
    const isCovering = isOpened() && phone.matches;
    if (isCovering && before == undefined) {
      before = page.overflow;
      page.overflow = "hidden";
    } else if (!isCovering && before != undefined) {
      page.overflow = before;
      before = undefined;
    }
    // Zoomed in, one looks at a part of the chat, and it stays as it is.
    const isShrunk = isCovering && view && view.scale < 1.01;
    const set = (name, value) => host.style.setProperty(name, isShrunk ? value + "px" : "");
    set("--view-height", view?.height);
    set("--view-top", view?.offsetTop);
  };

  const ending = new AbortController();
  const { signal } = ending;
  phone.addEventListener("change", fit, { signal });
  for (const event of ["resize", "scroll"]) view?.addEventListener(event, fit, { signal });
  fit();
  return {
    fit,
    end() {
      ending.abort();
      isOpened = () => false;
      fit();
    },
  };
};
