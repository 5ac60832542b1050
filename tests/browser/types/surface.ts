// Every member of the public surface in use, and wrong uses that the declarations must refuse. `tsc` reads it; nobody
// runs it.
import type { ErrorCode, Message, Settings, Web1on1Error, WindowDispatch, WindowRequest } from "../../../static/web1on1";

/** Compiles when both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? A : never;
const is = <T>(value: T) => value;

// Before the script has run.

const settings: Required<Settings> = {
  organization: "5bad2f12e91d2c331be33364",
  mode: "auto",
  container: "#chat",
  openAfter: 5,
  shoutout: "Questions about a bike? Ask us.",
  sound: true,
  locale: "nl",
  theme: "dark",
  color: "teal",
  position: "left",
  zIndex: 100,
  hideLauncher: true,
  storage: "session",
  consent: "required",
  compat: "flex",
  allowMessages: "https://shop.example",
};
window.web1on1Settings = settings;
window.web1on1Settings = { openAfter: false, hideLauncher: "" };
// @ts-expect-error
window.web1on1Settings = { mode: "popup" };
// @ts-expect-error
window.web1on1Settings = { storage: "cookie" };
// @ts-expect-error
window.web1on1Settings = { consent: "granted", organisation: "5bad2f12e91d2c331be33364" };

window.web1on1 = [["open"]];
window.web1on1 = {
  q: [
    ["setPredefinedMessage", "I want to book a test ride"],
    ["setLocale", "nl"],
    ["setTheme", "dark"],
    ["consent", "granted"],
    ["identify", { token: "a.b.c" }],
    ["logout"],
    ["api.showFakeAgentMessage", ["Hello", { text: "There" }], "Ada"],
    ["api.sendClientMessage", "Hello"],
    ["init", { theme: "dark" }],
    ["on", "unread", ({ count }: { count: number }) => is<number>(count)],
    ["off", "unread"],
    ["actions.on", "beforeSendMessage", (payload: unknown) => payload],
    ["actions.invokeAction", "MinimizeChat"],
    ["actions.registerAction", "Greet", () => "Hello"],
    ["actions.removeAllListeners"],
  ],
};
// @ts-expect-error
window.web1on1.q.push(["sendClientMessage", "Hello"]);
// @ts-expect-error
window.web1on1.q.push(["setPredefinedMessage"]);

// Calls.

is<string>(web1on1.version);
is<Same<Promise<typeof web1on1>, typeof web1on1.ready>>(web1on1.ready);
is<boolean>(web1on1.isOpened());
is<number>(web1on1.unreadCount());
web1on1.open();
web1on1.close();
web1on1.toggle();
await web1on1.setPredefinedMessage("");
await web1on1.setLocale("nl");
await web1on1.setTheme("auto");
web1on1.consent("denied");
await web1on1.identify({ token: "a.b.c" });
await web1on1.logout();
is<Blob>(await web1on1.downloadTranscript("txt"));
web1on1.api.showFakeAgentMessage("Welcome");
web1on1.api.showFakeAgentMessage({ text: "10 % off", actions: [{ type: "reply", text: "Yes" }] }, "Ada");
const { id, seq } = await web1on1.api.sendClientMessage(">cs /set @category Used Car");
is<string>(id);
is<number>(seq);
web1on1.destroy();
web1on1.init();
web1on1.init({ container: "#chat" });
web1on1.q.push(["open"]);
try {
  await web1on1.api.sendClientMessage("Hello");
} catch (error) {
  const { code, field, message } = error as Web1on1Error;
  is<ErrorCode>(code);
  is<string | undefined>(field);
  is<string>(message);
  // @ts-expect-error
  if (code === "no_such_code") is(code);
}

// @ts-expect-error
web1on1.version = "1";
// @ts-expect-error
web1on1.open(true);
// @ts-expect-error
web1on1.setPredefinedMessage(7);
// @ts-expect-error
web1on1.setTheme("blue");
// @ts-expect-error
web1on1.consent("required");
// @ts-expect-error
web1on1.identify("a.b.c");
// @ts-expect-error
web1on1.downloadTranscript("html");
// @ts-expect-error
web1on1.downloadTranscript();
// @ts-expect-error
web1on1.api.showFakeAgentMessage({ actions: [] });
// @ts-expect-error
web1on1.api.sendClientMessage({ text: "Hello" });
// @ts-expect-error
web1on1.api.sendAgentMessage("Hello");
// @ts-expect-error
web1on1.init("dark");

// Events.

const end = web1on1.on("ready", () => {});
end();
for (const event of ["open", "close", "connected", "reconnecting", "disconnected", "destroy"] as const)
  web1on1.on(event, (detail) => is<Same<void, typeof detail>>(detail));
web1on1.on("typing:start", ({ name }) => is<string | undefined>(name));
web1on1.on("typing:stop", () => {});
web1on1.on("message:sent", ({ id, seq, text }) => is<[string, number, string]>([id, seq, text]));
web1on1.on("message:received", (message) => is<Message>(message));
web1on1.on("message:failed", ({ code, message }) => is<[ErrorCode, string]>([code, message]));
web1on1.on("unread", ({ count }) => is<number>(count));
web1on1.on("conversation", ({ id }) => is<string>(id));
web1on1.on("error", ({ code, message }) => is<[ErrorCode, string]>([code, message]));
web1on1.off("open", end);
web1on1.off("open");

// @ts-expect-error
web1on1.on("message", () => {});
// @ts-expect-error
web1on1.on("open");
// @ts-expect-error
web1on1.on("unread", ({ total }) => total);

// Actions.

const { actions } = web1on1;
const sent = await actions.invokeAction("SendMessage", { body: "Hello", messageAttributes: { campaign: "spring" } });
is<number>(sent.seq);
await actions.invokeAction("SetInputText", { channelSid: "CH1", body: "" });
await actions.invokeAction("SendTyping");
const report = new File(["x"], "report.txt");
const reported: { id: string; seq: number } = await actions.invokeAction("SendMediaMessage", { file: report, messageAttributes: { a: 1 } });
await actions.invokeAction("AttachFile", { file: report });
await actions.invokeAction("DetachFile", { file: report });
await actions.invokeAction("DownloadMedia", { url: "https://shop.example/a.pdf" });
// @ts-expect-error
await actions.invokeAction("AttachFile", { file: "report.txt" });
await actions.invokeAction("StartEngagement", { formData: { email: "ada@shop.example" } });
await actions.invokeAction("RestartEngagement");
await actions.invokeAction("ToggleChatVisibility");
await actions.invokeAction("MinimizeChat", {});
is<number>(await actions.invokeAction("Add", { a: 1, b: 2 }));
actions
  .on("beforeSendMessage", (payload, cancel) => {
    if (!payload.body) cancel();
    payload.body = payload.body.trim();
  })
  .addListener("afterStartEngagement", async (payload) => is<unknown>(payload?.formData))
  .on("afterAdd", (payload) => is<number>(payload.a))
  .registerAction("Add", ({ a, b }: { a: number; b: number }) => a + b)
  .registerAction("Shout", (text: string) => text, (payload) => String(payload).toUpperCase())
  .replaceAction("SendMessage", (payload, original) => original({ ...payload, body: `${payload.body}!` }))
  .replaceAction("MinimizeChat", () => {});
const listener = () => {};
actions.removeListener("beforeSendMessage", listener).off("afterSendMessage", listener);
actions.removeAllListeners("beforeSendMessage").removeAllListeners();

// @ts-expect-error
actions.invokeAction("SendMessage");
// @ts-expect-error
actions.invokeAction("SendMessage", { text: "Hello" });
// @ts-expect-error
actions.invokeAction("SetInputText", { body: 7 });
// @ts-expect-error
actions.invokeAction("StartEngagement", { formData: "Ada" });
// @ts-expect-error
actions.on("SendMessage", listener);
// @ts-expect-error
actions.on("afterSendMessage", (payload, cancel) => cancel());
// @ts-expect-error
actions.on("beforeSendMessage", (payload) => payload.text);
// @ts-expect-error
actions.replaceAction("SendMessage", (payload, original) => original(payload.body));
// @ts-expect-error
actions.registerAction("Add");

// Flex WebChat.

is<Same<typeof actions, typeof FlexWebChat.Actions>>(FlexWebChat.Actions);
is<unknown>(window.FlexWebChat?.Manager);
const manager = await FlexWebChat.Manager.create({ accountSid: "AC1" });
is<typeof manager>((await FlexWebChat.createWebChat({})).manager);
is<typeof manager>(await FlexWebChat.renderWebChat());
manager.init();
manager.updateConfig({ available: true });
is<object>(manager.configuration);
manager.strings.EntryPointTagline = "Chat with us";
const { channelSid, isEntryPointExpanded, engagementStage } = manager.store.getState().flex.session;
is<boolean>(isEntryPointExpanded);
if (engagementStage === "CF_IN_ENGAGEMENT" && channelSid) {
  const channel = await manager.chatClient.getChannelBySid(channelSid);
  is<number>(await channel.sendMessage("My awesome message", { campaign: "spring" }));
  const [{ sid, index, author, body, attributes, timestamp }] = (await channel.getMessages()).items;
  is<[string, number, string, string, object, Date]>([sid, index, author, body, attributes, timestamp]);
  await channel.typing();
  is<string>(channel.sid);
}
manager.store.subscribe(() => {})();
// @ts-expect-error
manager.chatClient.getChannelBySid();

// Window messages.

const post = (request: WindowRequest) => parent.postMessage(JSON.stringify(request), "*");
post({ target: "CL_API", type: "SEND_MESSAGE", payload: { text: "You clicked the button" } });
post({ target: "CL_API", type: "UPDATE_SESSION", payload: { language: "nl" } });
post({ target: "CL_API", type: "GO_TO_DIALOGSTATE", payload: "checkout" });
post({ target: "CL_API", type: "GO_TO_DIALOGSTATE", payload: { dialogState: "checkout" } });
// @ts-expect-error
post({ target: "CL_API", type: "SEND_MESSAGE", payload: "Hello" });
// @ts-expect-error
post({ target: "CL_API", type: "CLOSE", payload: {} });
addEventListener("message", ({ data }) => is<WindowDispatch>(JSON.parse(data)).payload.language);
