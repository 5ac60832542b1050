// What tells a visitor of an answer that they do not see: a sound, and a notification of their desktop. Neither comes unless it was
// asked for: the sound by the site or the visitor, the notification by the visitor alone, in the menu (`switches.js`).
import { chime } from "./sound.js";

/** Milliseconds that another tab has to say that the answer was read there. */
const PATIENCE = 500;

const isPermitted = () => window.Notification?.permission == "granted";

/** On most phones the constructor throws. It shows nothing before it is permitted. */
const canNotify = () => {
  try {
    return isPermitted() || (Notification.permission == "default" && new Notification(""));
  } catch {} // no notifications here
};

/** `call` calls the widget, which keeps what was chosen; `open()` opens the chat. */
export const createAlerts = (settings, words, call, open) => {
  let unread, waiting, notice;

  const chosen = async () => (await call("choices", [])) ?? {};

  const isOn = {
    sound: ({ sound = `${settings.sound ?? false}` != "false" }) => sound,
    notify: ({ notify }) => !!notify && isPermitted(),
  };

  /** The next one takes the place of the last. */
  const notify = ({ name, text, meta }) => {
    notice = new Notification(name ?? words.say("chat"), { body: meta?.title ?? text, tag: settings.organization, silent: true });
    notice.onclick = () => {
      focus();
      open();
    };
  };

  return {
    /** How many messages are unread now. */
    count(count) {
      unread = count;
      if (!unread) notice?.close();
    },

    /** An agent has written. Several messages at once are one alert. */
    hear(message) {
      clearTimeout(waiting);
      const alert = (choices) => {
        if (isOn.sound(choices)) chime();
        if (isOn.notify(choices) && document.hidden) notify(message);
      };
      waiting = setTimeout(() => unread && chosen().then(alert, () => {}), PATIENCE); // rejects after a crash
    },

    /** The visitor turns an alert over. Answers, also for no `name`, all that there are: `[name, isOn, isBlocked]`. */
    async turn(name) {
      // At once: a browser asks only those who have just pressed something.
      if (name == "notify") await Notification.requestPermission();
      const choices = await chosen();
      if (name) {
        choices[name] = !isOn[name](choices);
        await call("choices", [choices]);
        if (name == "sound" && choices.sound) chime();
      }
      const alerts = [["sound", isOn.sound(choices)]];
      // Nobody is offered what a browser has blocked already, as it does in a frame of another site.
      if (choices.notify || canNotify()) alerts.push(["notify", isOn.notify(choices), choices.notify && Notification.permission == "denied"]);
      return alerts;
    },
  };
};
