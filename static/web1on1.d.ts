// What a page may rely on once it includes /web1on1.js. Everything else inside the widget may change.
//
//   <script async src="https://relay.example/web1on1.js" data-organization="5bad2f12e91d2c331be33364"></script>
//
// The script is async, so that a page cannot know whether it has run. Calls made through `q` work either way:
//
//   window.web1on1 ??= { q: [] };
//   web1on1.q.push(["setPredefinedMessage", "I want to book a test ride"]);
//   web1on1.q.push(["api.sendClientMessage", "Hello"]);

declare global {
  interface Window {
    /** Absent until the script has run, unless the page makes the stub `{ q: [] }` itself. */
    web1on1?: Web1on1 | Stub;
    /** Read when the widget starts. Wins over the attributes of the script tag. */
    web1on1Settings?: Partial<Settings>;
    /** With `data-compat="flex"` alone. */
    FlexWebChat?: FlexWebChat;
  }
  /** The same object, for scripts that run after `ready`. */
  const web1on1: Web1on1;
  /** With `data-compat="flex"` alone. */
  const FlexWebChat: FlexWebChat;
}

export interface Web1on1 {
  /** Version of the loader. */
  readonly version: string;
  /**
   * Resolves when the launcher (or the embedded widget's element) is in the page. It does not wait for the
   * widget itself, which is fetched at the first sign of intent, and never settles when the settings are wrong.
   */
  readonly ready: Promise<Web1on1>;

  /** Shows the widget. Nothing when embedded. */
  open(): void;
  /** Hides the widget. Nothing when embedded. */
  close(): void;
  /** Shows a hidden widget and hides a shown one. Nothing when embedded. */
  toggle(): void;
  /** Whether the widget is shown; always true when embedded. Answers at once. */
  isOpened(): boolean;
  /** Messages that the visitor has not seen. Answers at once. */
  unreadCount(): number;

  /**
   * Fills the visitor's input without sending: the action `SetInputText`. An empty text clears it.
   * @throws {TypeError} when `message` is not a string.
   */
  setPredefinedMessage(message: string): Promise<void>;
  /**
   * BCP 47 tag of the language of dates and times.
   * @throws {TypeError} when `tag` is not a string.
   */
  setLocale(tag: string): Promise<void>;
  /** @throws {TypeError} for anything else. */
  setTheme(theme: "auto" | "light" | "dark"): Promise<void>;
  /**
   * The visitor's word on whether the site may keep anything in the browser. `denied` removes what is kept.
   * @throws {TypeError} for anything else.
   */
  consent(value: "granted" | "denied"): void;

  /**
   * Makes the visitor the person whom the organization's server has signed for: a JWT (HS256) with `sub`, `exp`, and
   * perhaps `name`, `email`, `telephone`. Before the chat is loaded it is kept for then, and the promise resolves at
   * once; else it resolves when the relay has agreed, and rejects with `unauthorized` when it has not.
   * @throws {TypeError} when there is no `token`, or no string.
   */
  identify(identity: { token: string }): Promise<void>;
  /** Forgets this visitor and all that is stored. Who comes next is nobody known. */
  logout(): Promise<void>;
  /**
   * The whole conversation as a file: lines of text with times in UTC, or an array of `Message` as JSON.
   * @throws {TypeError} for another format.
   */
  downloadTranscript(format: "txt" | "json"): Promise<Blob>;

  readonly api: {
    /**
     * Adds a message, or several, to this visitor's view only: never sent, never stored on the relay.
     * @param name who seems to have written it; the organization by default.
     * @throws {TypeError} when `message` is empty or neither a string, an object nor an array, or `name` is no string.
     */
    showFakeAgentMessage(message: string | FakeMessage | (string | FakeMessage)[], name?: string): void;

    /**
     * Sends for the visitor into the loaded conversation: the action `SendMessage`. A text that starts with `>cs ` is
     * a command that the visitor does not see. At most 8,000 characters.
     *
     * The promise settles once the relay has stored the message, however long the relay is away; it rejects with
     * a `Web1on1Error`. Each rejection is also a console error, so that one nobody handles does not go
     * unseen; it is never an unhandled rejection of the page.
     * @throws {TypeError} when `message` is not a string.
     */
    sendClientMessage(message: string): Promise<SentMessage>;
  };

  readonly actions: Actions;

  /**
   * Calls `callback` on every `event` until it is unsubscribed. Subscriptions outlive `destroy`. A callback that
   * throws is reported to the console and disturbs nobody else.
   * @returns a function that unsubscribes.
   * @throws {TypeError} when `event` is not a string or `callback` not a function.
   */
  on<E extends keyof Events>(event: E, callback: (detail: Events[E]) => void): () => void;
  /** Unsubscribes `callback`, or every callback of `event`. */
  off<E extends keyof Events>(event: E, callback?: (detail: Events[E]) => void): void;

  /**
   * Starts the widget, again if it runs: the attributes of the script tag, then `web1on1Settings`, then `settings`.
   * @throws {TypeError} when `settings` is not an object.
   */
  init(settings?: Partial<Settings>): void;
  /**
   * Removes everything that was added to the page, except this object. Calls without an answer reject with the
   * code `destroyed`, and so do later ones until `init`. What was registered with `on` and `actions` stays.
   */
  destroy(): void;

  /** Makes calls by name, as before the script had run. Errors go to the console. */
  readonly q: { push(call: Call): void };
}

/** What a page may put at `window.web1on1` before the script has run; the calls are replayed in order. */
export type Stub = { q: Call[] } | Call[];

/** A call by name, with its arguments: `["open"]`, `["api.sendClientMessage", "Hello"]`. */
export type Call =
  | ["open" | "close" | "toggle" | "logout" | "destroy"]
  | ["setPredefinedMessage" | "setLocale" | "api.sendClientMessage", string]
  | ["setTheme", Settings["theme"]]
  | ["consent", "granted" | "denied"]
  | ["identify", { token: string }]
  | ["api.showFakeAgentMessage", ...Parameters<Web1on1["api"]["showFakeAgentMessage"]>]
  | ["init", Partial<Settings>?]
  | EventCall
  | ["actions.invokeAction", string, unknown?]
  | ["actions.registerAction" | "actions.replaceAction", string, (...args: any[]) => unknown, ((payload: any) => unknown)?]
  | [`actions.${"addListener" | "on" | "removeListener" | "off"}`, ActionEvent, (...args: any[]) => unknown]
  | ["actions.removeAllListeners", ActionEvent?];

type EventCall = {
  [E in keyof Events]: ["on", E, (detail: Events[E]) => void] | ["off", E, ((detail: Events[E]) => void)?];
}[keyof Events];

/** Each is also an attribute of the script tag: `openAfter` is `data-open-after`. */
export interface Settings {
  /** Id of the organization: 24 lower-case hex digits. Required. */
  organization: string;
  /**
   * `inline`: in the page itself. `frame`: in an iframe of the relay's origin. Default `auto`: `inline`, and `frame` where
   * the script tag has a nonce or the page's policy forbids WebAssembly.
   */
  mode: "auto" | "inline" | "frame";
  /** CSS selector. The widget then fills that element, there is no launcher, and `open` and `close` do nothing. */
  container: string;
  /** Opens by itself after so many seconds; `false` (default): never. */
  openAfter: number | string | false;
  /** A word beside the launcher, for those who have not written yet. */
  shoutout: string;
  /** Answers that nobody sees are heard, until the visitor says otherwise; as an attribute without a value: true. Default false. */
  sound: boolean | string;
  /** BCP 47 tag of the language of dates and times. Default: the language of the page. */
  locale: string;
  /** Default `auto`: as the visitor's system says. */
  theme: "auto" | "light" | "dark";
  /** Any CSS colour; the ink on it is computed. Default `#2f5af5`. */
  color: string;
  /** The corner. Default `right`, and `left` on a page with `dir="rtl"`. */
  position: "right" | "left";
  /** Stacking order of launcher and widget. Default 2147483000. */
  zIndex: number | string;
  /** The page opens the widget by itself; as an attribute without a value: true. Default false. */
  hideLauncher: boolean | string;
  /** Where the conversation is remembered, from the visitor's first word on. Default `local`. */
  storage: "local" | "session" | "none";
  /** `required`: nothing is remembered before `consent("granted")`. Default `granted`. */
  consent: "granted" | "required";
  /** Interfaces of other products, a list: `flex`. */
  compat: string;
  /** Origins, by space or comma: a page of these may send window messages to itself. `parent`: the page around it, too. */
  allowMessages: string;
}

export interface Events {
  /** The launcher is in the page. For code that may run later than that: the promise `ready`. */
  ready: void;
  /** The widget is shown. */
  open: void;
  /** The widget is hidden, by the page or by the visitor. */
  close: void;
  /** The relay has stored a message of this visitor. */
  "message:sent": SentMessage & { text: string };
  /** A message from an agent. */
  "message:received": Message;
  /** A message of this visitor was refused. */
  "message:failed": Failure;
  /** The number of unread messages changed. */
  unread: { count: number };
  /** Somebody of the organization writes. */
  "typing:start": { name?: string };
  /** Nobody does any more. */
  "typing:stop": void;
  /** The socket to the relay is up. */
  connected: void;
  /** The socket is down and is being tried again. */
  reconnecting: void;
  /** The socket is down. */
  disconnected: void;
  /** The conversation exists, or is known again after a reload. */
  conversation: { id: string };
  /** Something failed that is not the answer to a call: the widget could not be loaded, the relay refused this page. */
  error: Failure;
  /** `destroy` has removed everything. */
  destroy: void;
}

export interface SentMessage {
  /** 24 lower-case hex digits. */
  id: string;
  /** Place in the conversation: 1, 2, 3, … */
  seq: number;
}

/** A message as the REST API shows it; times are RFC 3339 UTC with milliseconds. */
export interface Message extends SentMessage {
  text: string;
  type: string;
  role: "contact" | "agent" | "system";
  /** Who wrote it, if an agent did. */
  name?: string;
  /** Media type, of a file or an image. */
  contentType?: string;
  createdAt: string;
  [member: string]: unknown;
}

/** The members of a message that a page may make up. */
export interface FakeMessage {
  text: string;
  [member: string]: unknown;
}

export interface Failure {
  code: ErrorCode;
  message: string;
}

/** What a call that fails rejects with. */
export interface Web1on1Error extends Error {
  code: ErrorCode;
  /** The member that is meant. */
  field?: string;
}

/** What each means, and whether a retry can help: docs/errors.md. */
export type ErrorCode =
  | "bad_json"
  | "bad_request"
  | "unauthorized"
  | "forbidden"
  | "origin_not_allowed"
  | "forbidden_command"
  | "not_found"
  | "method_not_allowed"
  | "contact_exists"
  | "idempotency_conflict"
  | "too_large"
  | "unsupported_media_type"
  | "invalid"
  | "bad_command"
  | "touchpoint_unavailable"
  | "rate_limited"
  | "unavailable"
  | "unknown_action"
  | "action_cancelled"
  | "destroyed";

/**
 * Everything that a visitor's gesture or a page's call does goes through a named action. A page listens before and after,
 * changes the payload, cancels, replaces, and registers its own. Listeners and action get the very same payload object.
 */
export interface Actions {
  /**
   * Runs an action. Resolves with its value after all `after` listeners; rejects with the action's error, `action_cancelled`
   * or `unknown_action`, and with a `TypeError` for a wrong payload.
   * @throws {TypeError} when `name` is not a string.
   */
  invokeAction<N extends string>(name: N | ActionName, ...payload: ActionArguments<N>): Promise<ActionResult<N>>;
  /** Registers an action, in place of one of the same name. `payloadUpdate` makes of the payload what `action` gets. */
  registerAction<N extends string, P = ActionPayload<N>>(
    name: N | ActionName,
    action: (payload: P) => unknown,
    payloadUpdate?: (payload: ActionPayload<N>) => P | Promise<P>,
  ): Actions;
  /** Replaces an action; the last replacement counts. `original` runs what was registered. */
  replaceAction<N extends string>(
    name: N | ActionName,
    replacement: (
      payload: ActionPayload<N>,
      original: (payload: ActionPayload<N>) => Promise<ActionResult<N>>,
    ) => unknown,
  ): Actions;
  /** Listens. All listeners of an event run side by side, are awaited, and stop nothing by what they throw. */
  addListener<N extends string>(event: `before${N}`, listener: BeforeListener<N>): Actions;
  addListener<N extends string>(event: `after${N}`, listener: AfterListener<N>): Actions;
  on: Actions["addListener"];
  /** Removes a listener once, however often it was added. */
  removeListener<N extends string>(event: `before${N}`, listener: BeforeListener<N>): Actions;
  removeListener<N extends string>(event: `after${N}`, listener: AfterListener<N>): Actions;
  off: Actions["removeListener"];
  /** Removes every listener of an event, or of all. */
  removeAllListeners(event?: ActionEvent): Actions;
}

/** After `cancel()` neither the action nor its `after` listeners run. */
export type BeforeListener<N extends string> = (payload: ActionPayload<N>, cancel: () => void) => unknown;
export type AfterListener<N extends string> = (payload: ActionPayload<N>) => unknown;

/** Names are case-sensitive: `beforeSendMessage`. */
export type ActionEvent = `before${string}` | `after${string}`;

/** The actions that the widget brings, with what each gets. */
export interface ActionPayloads {
  /** Begins the conversation. Texts, numbers and booleans of `formData` become fields of the contact's profile. */
  StartEngagement: { formData?: Record<string, unknown> } | undefined;
  /** Leaves the conversation; who goes on is a new visitor. */
  RestartEngagement: object | undefined;
  /** Shows or hides the widget. */
  ToggleChatVisibility: object | undefined;
  /** Hides the widget. */
  MinimizeChat: object | undefined;
  /** Sends for the visitor. With `messageAttributes.payload` it is a postback; other attributes become the message's `meta`. */
  SendMessage: Channel & { body: string; messageAttributes?: Record<string, unknown> };
  /** Fills the visitor's input. */
  SetInputText: Channel & { body: string };
  /** Tells the other end that the visitor is writing. */
  SendTyping: Channel | undefined;
  /** Puts a file above the visitor's input, from where it is sent with the next message. */
  AttachFile: { file: File };
  /** Takes a file away that is attached, or sent and not on the relay yet. */
  DetachFile: { file: File };
  /** Sends a file, attached or not, for the visitor. `messageAttributes` become the message's `meta`. */
  SendMediaMessage: { file: File; messageAttributes?: Record<string, unknown> };
  /** Opens the file of a message. */
  DownloadMedia: { url: string; name?: string };
}

/** A visitor has one conversation: neither member changes where an action goes. */
export interface Channel {
  channel?: unknown;
  /** Id of the conversation; before there is one, `CH` and the id of the organization. */
  channelSid?: string;
}

export type ActionName = keyof ActionPayloads;
/** Of an action that a page has registered: whatever it says. */
export type ActionPayload<N extends string> = N extends ActionName ? ActionPayloads[N] : any;
export type ActionResult<N extends string> = N extends "SendMessage" | "SendMediaMessage"
  ? SentMessage
  : N extends "StartEngagement"
    ? SentMessage | undefined
    : N extends ActionName
      ? undefined
      : any;
export type ActionArguments<N extends string> = N extends ActionName
  ? undefined extends ActionPayloads[N]
    ? [payload?: ActionPayloads[N]]
    : [payload: ActionPayloads[N]]
  : [payload?: unknown];

/** What pages that were written for Flex WebChat find. */
export interface FlexWebChat {
  /** `web1on1.actions`. */
  readonly Actions: Actions;
  readonly Manager: { create(configuration?: object): Promise<FlexManager> };
  createWebChat(configuration?: object): Promise<FlexManager & { manager: FlexManager }>;
  renderWebChat(configuration?: object): Promise<FlexManager & { manager: FlexManager }>;
}

export interface FlexManager {
  readonly configuration: object;
  updateConfig(change: object): object;
  readonly strings: Record<string, string>;
  readonly store: {
    getState(): { flex: { config: object; session: FlexSession; chat: object } };
    /** @returns a function that ends it. */
    subscribe(listener: () => void): () => void;
  };
  readonly chatClient: { getChannelBySid(sid: string): Promise<FlexChannel> };
  init(): void;
}

export interface FlexSession {
  engagementStage: "CF_PRE_ENGAGEMENT" | "CF_IN_ENGAGEMENT";
  /** Absent before the engagement. */
  channelSid?: string;
  isEntryPointExpanded: boolean;
}

export interface FlexChannel {
  readonly sid: string;
  /** @returns the place of the message in the conversation. */
  sendMessage(body: string, attributes?: Record<string, unknown>): Promise<number>;
  getMessages(): Promise<{ items: FlexMessage[] }>;
  typing(): Promise<undefined>;
}

export interface FlexMessage {
  sid: string;
  index: number;
  author: string;
  body: string;
  attributes: object;
  timestamp: Date;
}

/** A window message to the chat, as a string of JSON. */
export type WindowRequest = { target: "CL_API" } & (
  | { type: "SEND_MESSAGE"; payload: { text: string } }
  | { type: "UPDATE_SESSION"; payload: Record<string, unknown> }
  | { type: "GO_TO_DIALOGSTATE"; payload: string | { dialogState: string } | { id: string } | { name: string } }
);

/** A window message of the chat's to its page, as a string of JSON: what a bot or an agent has to say to the website. */
export interface WindowDispatch {
  type: "CL_DISPATCH_EVENT";
  payload: Record<string, any>;
}
