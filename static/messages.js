// Window messages, as Chatlayer has them: strings of JSON. What a page shown in the conversation may ask of the
// widget, and what a bot tells the website.

import { stringify } from "./json.js";

const isObject = (value) => typeof value == "object" && value && !Array.isArray(value);

/** Each gives the call that it stands for: a method and its argument; nothing when the payload is bad. */
const REQUESTS = {
  SEND_MESSAGE: (payload) => typeof payload?.text == "string" && ["sendClientMessage", payload.text],
  UPDATE_SESSION(payload) {
    const session = isObject(payload?.session) ? payload.session : payload;
    return isObject(session) && ["updateSession", session];
  },
  GO_TO_DIALOGSTATE(payload) {
    const dialogState = payload?.dialogState ?? payload?.id ?? payload?.name ?? payload;
    return dialogState && typeof dialogState == "string" && ["goToDialogState", { dialogState }];
  },
};

/**
 * Takes the messages that come from where `isTrusted(event)` says; whoever else sends one learns nothing. Gives a
 * function that ends it.
 */
export const takeMessages = (isTrusted, call) => {
  const take = (event) => {
    if (typeof event.data != "string" || !isTrusted(event)) return;
    let message;
    try {
      message = JSON.parse(event.data);
    } catch {} // somebody else's
    if (message?.target != "CL_API") return;
    const { type, payload } = message;
    const isKnown = Object.hasOwn(REQUESTS, type);
    const request = isKnown && REQUESTS[type](payload);
    if (request) call(...request).catch((error) => console.error(error));
    else console.warn(`web1on1: ${isKnown ? "bad payload of the" : "unknown"} window message ${type}`);
  };
  addEventListener("message", take);
  return () => removeEventListener("message", take);
};

/** Whether it comes from a page that the widget shows in the conversation. */
export const isShown = (event, panel) =>
  [...panel.querySelectorAll("iframe")].some((frame) => frame.contentWindow == event.source);

/** Tells a window what a bot or an agent has to say to the website. */
export const dispatch = (target, origin, payload) =>
  target.postMessage(stringify({ type: "CL_DISPATCH_EVENT", payload }), origin);
