// Who is measured, and how each gets onto the page: as its documentation says (the bundle is loaded with the page),
// and, where a library has no lazy loading of its own, also as a careful site would do it: imported at the click.
// `launcher` and `composer`: see probe.js. `early`: the launcher is there before the library.

const DEEP_CHAT = "{{cdn}}/deep-chat/dist/deepChat.bundle.js";
const N8N = "{{cdn}}/@n8n/chat/dist/chat.bundle.es.js";
const N8N_STYLE = "{{cdn}}/@n8n/chat/dist/style.css";

const BUTTON = `<button id="open" type="button">Chat</button>`;
const AT_CLICK = `document.getElementById("open").addEventListener("click"`;
const SHOW_PANEL = `document.getElementById("panel").hidden = false`;
const DEEP_CHAT_ELEMENT = `<deep-chat connect='{"url": "/webhook"}'></deep-chat>`;
/** Its only other mode besides a window with a launcher of its own: fills an element, and is open at once. */
const N8N_FILLING = `createChat({ webhookUrl: "/webhook", mode: "fullscreen", target: "#panel" })`;

const deepChat = { early: true, launcher: ["#open"], composer: ["deep-chat", "#text-input"] };
const n8n = { early: true, launcher: ["#open"], composer: [".chat-inputs textarea"] };

export const OURS = {
  name: "Frontdesk",
  early: true,
  launcher: ["web1on1-chat", "#launcher"],
  composer: ["web1on1-chat", "textarea"],
  head: `<script async src="{{relay}}/web1on1.js" data-organization="{{organization}}"></script>`,
  body: "",
};

/** Beside the target: until everything is there, not only the field that one writes into. Its avatar shows a name by then. */
const WHOLE = { ...OURS, name: "Frontdesk, all of it", composer: ["web1on1-chat", "section:has(.avatar:not(:empty)) textarea"] };

export const CONTENDERS = [
  OURS,
  WHOLE,
  {
    ...deepChat,
    name: "deep-chat, with the page",
    head: `<script type="module" src="${DEEP_CHAT}"></script>`,
    body: `${BUTTON}<div id="panel" hidden>${DEEP_CHAT_ELEMENT}</div>
      <script>${AT_CLICK}, () => { ${SHOW_PANEL}; });</script>`,
  },
  {
    ...deepChat,
    name: "deep-chat, at the click",
    head: "",
    body: `${BUTTON}<div id="panel" hidden>${DEEP_CHAT_ELEMENT}</div>
      <script>${AT_CLICK}, () => { ${SHOW_PANEL}; import("${DEEP_CHAT}"); });</script>`,
  },
  {
    ...n8n,
    name: "@n8n/chat, with the page",
    head: `<link rel="stylesheet" href="${N8N_STYLE}">
      <script type="module">import { createChat } from "${N8N}"; ${N8N_FILLING};</script>`,
    body: `${BUTTON}<div id="panel" hidden></div>
      <script>${AT_CLICK}, () => { ${SHOW_PANEL}; });</script>`,
  },
  {
    ...n8n,
    name: "@n8n/chat, at the click",
    head: "",
    body: `${BUTTON}<div id="panel"></div>
      <script>${AT_CLICK}, async () => {
        const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "${N8N_STYLE}" });
        document.head.append(style);
        const { createChat } = await import("${N8N}");
        ${N8N_FILLING};
      });</script>`,
  },
  {
    ...n8n,
    name: "@n8n/chat, own launcher",
    early: false,
    launcher: [".chat-window-toggle"],
    head: `<link rel="stylesheet" href="${N8N_STYLE}">
      <script type="module">import { createChat } from "${N8N}"; createChat({ webhookUrl: "/webhook" });</script>`,
    body: "",
  },
];
