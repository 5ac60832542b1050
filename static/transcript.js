// The conversation as a file, for the visitor to keep.

import { stringify } from "./json.js";

const NAMES = { contact: "You", system: "Chat" };

const line = ({ role, name, text = "", createdAt }) => {
  const when = new Date(createdAt).toISOString().slice(0, 16).replace("T", " ");
  return `[${when}] ${NAMES[role] ?? name ?? "Chat"}: ${text}\n`;
};

/** `messages` are those of the REST API; `format` is `txt` (times in UTC) or `json`. */
export const writeTranscript = (messages, format) =>
  format == "json"
    ? new Blob([stringify(messages, null, 2)], { type: "application/json" })
    : new Blob(messages.map(line), { type: "text/plain;charset=utf-8" });
