// What a page may rely on once it includes /web1on1.js. Everything else inside the widget may change.
//
//   <script async src="https://relay.example/web1on1.js" data-organization="5bad2f12e91d2c331be33364"></script>
//
// The script is async, so that a page cannot know whether it has run. Calls made through `q` work either way:
//
//   window.web1on1 ??= { q: [] };
//   web1on1.q.push(["setPredefinedMessage", "I want to book a test ride"]);
//   web1on1.q.push(["api.sendClientMessage", "Hello"]);

export {};

declare global {
  interface Window {
    /** Absent until the script has run, unless the page makes the stub `{ q: [] }` itself. */
    web1on1?: Web1on1 | Web1on1Stub;
    /** Read when the widget starts. Wins over the attributes of the script tag. */
    web1on1Settings?: Partial<Web1on1Settings>;
  }
  /** The same object, for scripts that run after `ready`. */
  const web1on1: Web1on1;

  interface Web1on1 {
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
     * Fills the visitor's input without sending. An empty text clears it.
     * @throws {TypeError} when `message` is not a string.
     */
    setPredefinedMessage(message: string): void;

    readonly api: {
      /**
       * Adds a message, or several, to this visitor's view only: never sent, never stored on the relay.
       * @param name who seems to have written it; the organization by default.
       * @throws {TypeError} when `message` is empty or neither a string, an object nor an array, or `name` is no string.
       */
      showFakeAgentMessage(message: string | FakeMessage | (string | FakeMessage)[], name?: string): void;

      /**
       * Sends for the visitor into the loaded conversation. A text that starts with `>cs ` is a command that the
       * visitor does not see. At most 8,000 characters.
       *
       * The promise settles once the relay has stored the message, however long the relay is away; it rejects with
       * a `Web1on1Error`. Each rejection is also a console error, so that one nobody handles does not go
       * unseen; it is never an unhandled rejection of the page.
       * @throws {TypeError} when `message` is not a string.
       */
      sendClientMessage(message: string): Promise<SentMessage>;
    };

    /**
     * Calls `callback` on every `event` until it is unsubscribed. Subscriptions outlive `destroy`. A callback that
     * throws is reported to the console and disturbs nobody else.
     * @returns a function that unsubscribes.
     * @throws {TypeError} when `event` is not a string or `callback` not a function.
     */
    on<E extends keyof Web1on1Events>(event: E, callback: (detail: Web1on1Events[E]) => void): () => void;
    /** Unsubscribes `callback`, or every callback of `event`. */
    off<E extends keyof Web1on1Events>(event: E, callback?: (detail: Web1on1Events[E]) => void): void;

    /**
     * Starts the widget, again if it runs: the attributes of the script tag, then `web1on1Settings`, then `settings`.
     * @throws {TypeError} when `settings` is not an object.
     */
    init(settings?: Partial<Web1on1Settings>): void;
    /**
     * Removes everything that was added to the page, except this object. Calls without an answer reject with the
     * code `destroyed`, and so do later ones until `init`.
     */
    destroy(): void;

    /** Makes calls by name, as before the script had run. Errors go to the console. */
    readonly q: { push(call: Web1on1Call): void };
  }

  /** What a page may put at `window.web1on1` before the script has run; the calls are replayed in order. */
  type Web1on1Stub = { q: Web1on1Call[] } | Web1on1Call[];

  /** A call by name, with its arguments: `["open"]`, `["api.sendClientMessage", "Hello"]`. */
  type Web1on1Call =
    | ["open" | "close" | "toggle" | "destroy"]
    | ["setPredefinedMessage" | "api.sendClientMessage", string]
    | ["api.showFakeAgentMessage", ...Parameters<Web1on1["api"]["showFakeAgentMessage"]>]
    | ["init", Partial<Web1on1Settings>?]
    | ["on" | "off", keyof Web1on1Events, ((detail: any) => void)?];

  /** Each is also an attribute of the script tag: `openAfter` is `data-open-after`. */
  interface Web1on1Settings {
    /** Id of the organization: 24 lower-case hex digits. Required. */
    organization: string;
    /** CSS selector. The widget then fills that element, there is no launcher, and `open` and `close` do nothing. */
    container: string;
    /** Opens by itself after so many seconds; `false` (default): never. */
    openAfter: number | string | false;
    /** BCP 47 tag of the widget's language. Default: the language of the page. */
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
    /** Where the conversation is remembered, from the first open on. Default `local`. */
    storage: "local" | "session" | "none";
  }

  interface Web1on1Events {
    /** The launcher is in the page. For code that may run later than that: the promise `ready`. */
    ready: void;
    /** The widget is shown. */
    open: void;
    /** The widget is hidden, by the page or by the visitor. */
    close: void;
    /** The relay has stored a message of this visitor. */
    "message:sent": SentMessage & { text: string };
    /** A message from an agent. */
    "message:received": ReceivedMessage;
    /** The relay refused a message of this visitor. */
    "message:failed": Failure;
    /** The number of unread messages changed. */
    unread: { count: number };
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

  interface SentMessage {
    /** 24 lower-case hex digits. */
    id: string;
    /** Place in the conversation: 1, 2, 3, … */
    seq: number;
  }

  /** A message as the REST API shows it; times are RFC 3339 UTC with milliseconds. */
  interface ReceivedMessage extends SentMessage {
    text: string;
    type: string;
    role: "agent";
    createdAt: string;
    [member: string]: unknown;
  }

  /** The members of a message that a page may make up. */
  interface FakeMessage {
    text: string;
    [member: string]: unknown;
  }

  interface Failure {
    /** One of the codes of the error table: `unavailable`, `origin_not_allowed`, `rate_limited`, … */
    code: string;
    message: string;
  }

  /** What a call that fails at the relay rejects with. */
  interface Web1on1Error extends Error {
    /** `bad_command`, `forbidden_command`, `too_large`, `rate_limited`, `destroyed`, … */
    code: string;
  }
}
