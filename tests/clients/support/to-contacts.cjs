// Required before an example of the SDK: its bot speaks to contacts. What a bot says is for agents unless it says
// `role: "agent"`, and most examples leave that out. The SDK's own way to say it everywhere is a middleware for what is sent,
// which the examples are given here, as an option of the constructor that they call.
"use strict";

const path = require.resolve("chipchat/lib/chipchat.js");
const ChipChat = require(path);

const SPEECH = ["chat", "card"];

function toContacts(bot, said, next) {
  for (const message of [said].flat()) {
    if (SPEECH.includes(message.type ?? "chat")) message.role ??= "agent";
  }
  next();
}

require.cache[path].exports = class extends ChipChat {
  constructor(options) {
    super({ ...options, middleware: { send: toContacts } });
  }
};
