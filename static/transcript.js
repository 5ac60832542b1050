// The conversation as a file, for the visitor to keep.

import { stringify } from "./json.js";

const line = ({ role, name, text = "", createdAt }, words) => {
  const when = new Date(createdAt).toISOString().slice(0, 16).replace("T", " ");
  const who = role == "contact" ? words.say("you") : ((role == "agent" && name) || words.say("chat"));
  return `[${when}] ${who}: ${text}\n`;
};

/** `messages` are those of the REST API; `format` is `txt` (times in UTC) or `json`. */
export const writeTranscript = (messages, format, words) =>
  format == "json"
    ? new Blob([stringify(messages, null, 2)], { type: "application/json" })
    : new Blob(messages.map((message) => line(message, words)), { type: "text/plain;charset=utf-8" });
