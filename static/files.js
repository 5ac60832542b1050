// Files on their way to the relay: picked, photographed, pasted or dropped, shown above the field, and in the message that
// they become until they are there. As whom they are sent, and which message that is, the widget says. They live as
// long as the page.

import { beside } from "./assets.js";
import { add, addButton, create, icon } from "./elements.js";
import { later } from "./lazy.js";
import { addTools } from "./tools.js";

/** Milliseconds until an upload that broke off is tried again; twice as many each time, unless the relay is back before. */
const PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;

/** Bytes of what visitors know as one megabyte. */
const MEGABYTE = 2 ** 20;

/** Pixels of a picture's height in memory: twice what is shown. */
const THUMB = 88;

const PAPER = "M5.5 2.5h6L15 6v11.5H5.5zM11 2.5V6.5h4";
const AGAIN = "M15.5 7A6 6 0 1 0 16 11M16 3.5V7h-3.5";
const CROSS = "M6 6l8 8M14 6l-8 8";

/** Why the relay refuses a file for good, by its code. */
const REASONS = { too_large: "fileTooLarge", invalid: "fileEmpty", unsupported_media_type: "fileRefused" };

/**
 * The files of the widget in `panel`. Gives `files(what, about)`, which it calls, and `end()`. `call` calls the widget.
 */
export const createFiles = (panel, { relay, organization }, words, call) => {
  const { say } = words;
  const uploads = []; // {file, key, node, …}; `isSent` once they are a message, `stored` once they are on the relay
  const ending = new AbortController();
  let form, tray;

  const tell = (method, ...args) => call(method, args).catch(() => {}); // a crash: nobody waits for it
  /** The visitor does it; what comes of it is shown. */
  const act = (name, file) => tell("act", name, { file });
  const focus = () => matchMedia("(pointer: fine)").matches && form.querySelector("textarea").focus();

  // What is shown.

  const count = () => tell("attached", uploads.some(isReady));
  const isReady = ({ isSent, isFailed }) => !isSent && !isFailed;

  const draw = (upload) => {
    const { file } = upload;
    const node = create("div", "upload", { role: "group", ariaLabel: file.name });
    const about = create("div", "about");
    node.append(icon(PAPER), about);
    add(about, "span", "title", { dir: "auto", textContent: file.name });
    upload.note = add(about, "span", "note", { role: "status" });
    upload.bar = add(about, "progress", "", { max: 1, ariaLabel: say("uploading", file.name) });
    upload.again = addButton(node, AGAIN, say("retry"), { onclick: () => start(upload) });
    addButton(node, CROSS, say("remove", file.name), { onclick: () => act("DetachFile", file) });
    if (/^image\/(?!svg)/.test(file.type)) paint(node, file);
    return node;
  };

  /** Says `words` of it: nothing while it is on its way. */
  const show = (upload, words = "", isFailed = false, isHopeless = true) => {
    upload.isFailed = isFailed;
    upload.note.textContent = words;
    upload.again.hidden = isHopeless;
    upload.bar.hidden = words || upload.stored;
    upload.node.classList.toggle("failed", isFailed);
    count();
  };

  // On the way.

  const begin = (file) => {
    const upload = { file, key: Math.random().toString(36).slice(2) + Date.now() };
    upload.node = draw(upload);
    uploads.push(upload);
    start(upload);
    return upload;
  };

  const start = async (upload) => {
    const { file, key } = upload;
    upload.timer = clearTimeout(upload.timer);
    show(upload);
    const [bearer, most] = (await tell("upload")) ?? [];
    if (!bearer || !uploads.includes(upload)) return;
    const megabytes = Math.floor((most / MEGABYTE) * 10) / 10;
    if (file.size > most) return fail(upload, "too_large", megabytes);
    const request = (upload.request = new XMLHttpRequest());
    request.open("POST", `${relay}/v2/widget/files?organization=${organization}`);
    request.responseType = "json";
    request.setRequestHeader("authorization", "Bearer " + bearer);
    request.setRequestHeader("idempotency-key", key);
    request.upload.onprogress = ({ loaded, total }) => (upload.bar.value = loaded / total);
    request.onerror = () => wait(upload);
    request.onload = () => {
      const { status, response } = request;
      if (status == 201) arrive(upload, response);
      else if (status == 429 || status >= 500) wait(upload, request.getResponseHeader("retry-after") * 1_000);
      else fail(upload, response?.error?.code, megabytes);
    };
    const body = new FormData();
    body.append("file", file, file.name || "file");
    request.send(body);
  };

  const wait = (upload, pause) => {
    upload.pause = Math.min(upload.pause * 2 || PAUSE, LONGEST_PAUSE);
    upload.timer = setTimeout(start, pause || upload.pause, upload);
    show(upload, say("waiting"));
  };

  const arrive = (upload, stored) => {
    upload.stored = stored;
    show(upload);
    upload.resolve?.();
  };

  /** What was sent is attached again: the visitor decides what becomes of it. */
  const fail = (upload, code, megabytes) => {
    const reason = REASONS[code];
    const words = say(reason ?? "fileFailed", megabytes);
    if (upload.isSent) tray.append(upload.node);
    upload.isSent = false;
    show(upload, words, true, !!reason);
    upload.reject?.(Object.assign(new Error(words), { code: code ?? "unavailable" }));
  };

  const drop = (upload, code = "action_cancelled") => {
    if (!upload) return;
    uploads.splice(uploads.indexOf(upload), 1);
    clearTimeout(upload.timer);
    upload.request?.abort();
    if (upload.node.contains(panel.getRootNode().activeElement)) focus();
    upload.node.remove();
    upload.reject?.(Object.assign(new Error("The file is sent no more"), { code }));
    count();
  };

  /** By what it is: a frame's files are copies on the page, and the other way round. Rather one that is not sent yet. */
  const find = (file) => {
    const same = uploads.filter((other) => ["name", "size", "type", "lastModified"].every((member) => other.file[member] == file[member]));
    return same.find(({ isSent }) => !isSent) ?? same[0];
  };

  const check = (file) => {
    if (!(file instanceof File)) throw new TypeError("web1on1: file must be a File");
    return file;
  };

  // What the widget asks for.

  const methods = {
    compose(composer) {
      form = composer;
      const [clip, smile] = addTools(form, words);
      tray = create("div", "tray");
      form.prepend(tray);
      tray.append(...uploads.filter(({ isSent }) => !isSent).map(({ node }) => node));
      const input = add(form, "input", "", { type: "file", multiple: true, hidden: true });
      clip.onclick = () => input.click();
      input.onchange = () => {
        take([...input.files]);
        input.value = "";
      };
      smile.onclick = async () => {
        const { toggleEmoji } = await later();
        toggleEmoji(smile, form, beside(`emoji/${words.language()}.json`), say, call);
      };
    },

    async AttachFile({ file }) {
      tray.append(begin(check(file)).node);
    },

    async DetachFile({ file }) {
      drop(find(check(file)));
    },

    async SendMediaMessage({ file, messageAttributes }) {
      let upload = find(check(file));
      if (!upload || upload.isSent) upload = begin(file);
      else if (upload.isFailed) start(upload);
      upload.isSent = true;
      count();
      upload.node.remove();
      try {
        if (!upload.stored) {
          tell("uploading", upload.key, true);
          await new Promise((...settle) => ([upload.resolve, upload.reject] = settle));
        }
      } catch (error) {
        tell("uploading", upload.key);
        throw error;
      }
      uploads.splice(uploads.indexOf(upload), 1);
      const { url, contentType, name } = upload.stored;
      return call("uploaded", [upload.key, url, contentType, { ...messageAttributes, title: name }]);
    },

    async DownloadMedia({ url }) {
      if (!/^https?:/.test(url)) throw new TypeError("web1on1: url must be an address of the web");
      create("a", "", { href: url, target: "_blank", rel: "noopener noreferrer" }).click();
    },

    send: () => uploads.filter(isReady).forEach(({ file }) => act("SendMediaMessage", file)),
    node: (key) => uploads.find((upload) => upload.key == key)?.node,
    resume() {
      for (const upload of uploads.filter(({ timer }) => timer)) {
        clearTimeout(upload.timer);
        upload.timer = setTimeout(start, 0, upload);
      }
    },
    clear: () => [...uploads].forEach((upload) => drop(upload, "destroyed")),
  };

  // Pasted and dropped.

  const take = (files) => {
    files.forEach((file) => act("AttachFile", file));
    if (files.length) focus();
  };

  const listen = (event, react) => panel.addEventListener(event, react, ending);
  const section = () => form?.closest("section");
  const carries = ({ dataTransfer }) => form && dataTransfer?.types.includes("Files");

  listen("paste", (event) => {
    const { files } = event.clipboardData;
    // What comes out of a table or a text is a picture, too.
    if (!form || !files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take([...files]);
  });
  listen("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    section().dataset.drop = say("drop");
  });
  listen("dragleave", ({ relatedTarget }) => form && !panel.contains(relatedTarget) && delete section().dataset.drop);
  listen("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    delete section().dataset.drop;
    const items = [...event.dataTransfer.items].filter(({ kind }) => kind == "file");
    // A folder is a file that cannot be read.
    take(items.filter((item) => !item.webkitGetAsEntry?.()?.isDirectory).map((item) => item.getAsFile()));
  });

  // The file of a message. The browser's own ways to open a link stay as they are.
  listen("click", (event) => {
    const link = event.target.closest(".log a.file:not(.image), .viewer a");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    tell("act", "DownloadMedia", { url: link.href, name: link.dataset.name });
  });

  return {
    files: (what, about) => methods[what](about),
    end() {
      ending.abort();
      methods.clear();
    },
  };
};

/** Draws a picture in place of the icon: without an address, no policy of the page has a say in it. */
const paint = async (node, file) => {
  try {
    const bitmap = await createImageBitmap(file, { resizeHeight: THUMB });
    const canvas = create("canvas", "", { width: bitmap.width, height: bitmap.height });
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    node.firstChild.replaceWith(canvas);
  } catch {} // no picture after all
};
