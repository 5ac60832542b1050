// Flex WebChat's manager, for pages that were written for it (`data-compat="flex"`): store, client and strings, made
// of what any page may call. What such a page does with actions needs nothing of this.

const STRINGS = {
  EntryPointTagline: "Chat with us",
  InputPlaceHolder: "Type message",
  TypingIndicator: "{{name}} is typing … ",
  MessageCanvasTrayButton: "START NEW CHAT",
  PredefinedChatMessageAuthorName: "Bot",
  PredefinedChatMessageBody: "Hi there! How can we help you today?",
  Read: "Read",
  Connecting: "Connecting",
  Disconnected: "Connection lost",
};

const toMessage = ({ id, seq, role, name, text, meta, createdAt }) => ({
  sid: id,
  index: seq,
  author: name ?? role,
  body: text,
  attributes: meta ?? {},
  timestamp: new Date(createdAt),
});

/** The manager; also what `createWebChat` gives, which has it as a member. */
export const create = async (web1on1, { organization }, configuration = {}) => {
  const { actions } = web1on1;
  const listeners = new Set();
  let session = { engagementStage: "CF_PRE_ENGAGEMENT" };
  const tell = () => listeners.forEach((listener) => listener());
  const become = (change) => {
    session = change;
    tell();
  };
  const engage = (channelSid) => become({ engagementStage: "CF_IN_ENGAGEMENT", channelSid });

  // Before, so that whoever listens after it finds the channel.
  actions.on("beforeStartEngagement", () => session.channelSid ?? engage("CH" + organization));
  actions.on("afterRestartEngagement", () => become({ engagementStage: "CF_PRE_ENGAGEMENT" }));
  web1on1.on("conversation", ({ id }) => engage(id));
  for (const event of ["open", "close"]) web1on1.on(event, tell);

  const channelOf = (channelSid) => ({
    sid: channelSid,
    sendMessage: async (body, messageAttributes) =>
      (await actions.invokeAction("SendMessage", { channelSid, body, messageAttributes })).seq,
    async getMessages() {
      const transcript = await web1on1.downloadTranscript("json");
      return { items: JSON.parse(await transcript.text()).map(toMessage) };
    },
    typing: () => actions.invokeAction("SendTyping", { channelSid }),
  });

  const manager = {
    configuration,
    strings: { ...STRINGS },
    updateConfig: (change) => Object.assign(configuration, change),
    store: {
      getState: () => ({
        flex: { config: configuration, session: { ...session, isEntryPointExpanded: web1on1.isOpened() }, chat: {} },
      }),
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    chatClient: { getChannelBySid: async (sid) => channelOf(sid) },
    /** The launcher is there already. */
    init() {},
  };
  return Object.assign(manager, { manager });
};
