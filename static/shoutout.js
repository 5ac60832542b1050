// What the site says beside the launcher to those who have not written yet. Once it is closed, or the chat is opened, it does not
// come back as long as the tab is there.
import { add, addButton } from "./elements.js";
import { openStorage } from "./storage.js";
import { createWords, localeOf } from "./words.js";

const CROSS = "M5 5l10 10M15 5L5 15";

const STYLE = `#shoutout{position:fixed;bottom:max(20px,env(safe-area-inset-bottom));display:flex;align-items:center;max-width:min(320px,100vw - 124px);padding:7px 0;padding-inline-start:16px;border:1px solid #8883;border-radius:var(--chat-radius,12px);background:var(--chat-ground,Canvas);color:var(--chat-ink,CanvasText);font:15px/20px var(--chat-font,system-ui);box-shadow:0 4px 16px #0003}
#shoutout button{all:unset;cursor:pointer}
#shoutout button:focus-visible{outline:2px solid}
#shoutout [dir]{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;overflow-wrap:anywhere}
#shoutout svg{display:block;width:16px;padding:12px;fill:none;stroke:currentColor;stroke-width:1.75}`;

/** Shows it beside the loader's launcher; `open(true)` opens the chat. */
export const shout = async (host, settings, open) => {
  const root = host.shadowRoot;
  const [launcher, panel] = root.querySelectorAll("#launcher, #panel");
  const key = `frontdesk:${settings.organization}:shoutout`;
  // Without consent nothing is even read.
  const session = openStorage(/required|denied|none/.test(settings.consent + settings.storage) ? "none" : "session");
  if (session.getItem(key)) return;
  const words = createWords();
  await words.load(localeOf(settings));
  if (!host.isConnected || launcher.hidden || !panel.hidden) return;

  // The loader's sheet stays when a chat that did not load takes its own away.
  for (const rule of STYLE.split("\n")) root.adoptedStyleSheets[0].insertRule(rule);
  const bubble = add(root, "div", "", { id: "shoutout" });
  bubble.style.colorScheme = settings.theme == "auto" ? "light dark" : settings.theme;
  bubble.style[settings.position] = "88px";
  bubble.animate({ opacity: [0, 1] }, 180);
  const said = add(bubble, "div", "", { role: "status" });

  const end = () => {
    opening.disconnect();
    bubble.remove();
    session.setItem(key, "closed");
  };
  const opening = new MutationObserver(() => panel.hidden || end());
  opening.observe(panel, { attributes: true });
  addButton(bubble, CROSS, words.say("dismiss"), {
    onclick() {
      // Who is here by keyboard is not taken back to the beginning of the page.
      if (bubble.querySelector(":focus-visible")) launcher.focus();
      end();
    },
  });
  // A screen reader says what comes into a place that was there before.
  setTimeout(() => add(said, "button", "", { type: "button", dir: "auto", textContent: settings.shoutout, onclick: () => open(true) }));
};
