// Whether somebody of the organization is there, by its hours and its own clock, and when they are back.

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** Minutes. */
const DAY = 24 * 60;
const WEEK = 7 * DAY;
/** Milliseconds. */
const MINUTE = 60_000;
/** Milliseconds after which it is looked again in any case: a laptop sleeps, and timers with it. */
const OFTEN = 10 * MINUTE;

const minutesOf = (time) => time.split(":").reduce((hours, minutes) => hours * 60 + +minutes, 0);

/** The minute of the week, from Sunday on, that a time is in a time zone. */
const minuteOfWeek = (timeZone, at) => {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const { weekday, hour, minute } = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return DAYS.indexOf(weekday.toLowerCase()) * DAY + hour * 60 + +minute;
};

/**
 * `{ isOpen, until, back }`: `until` when that changes, `back` when somebody is there again; both in milliseconds since 1970, and
 * absent where they never are. Throws for a time zone that the browser does not know.
 */
export const look = ({ timeZone, days }, now) => {
  const minute = minuteOfWeek(timeZone, now);
  const today = Math.floor(minute / DAY);
  /** The time at which the clock on the wall is so many minutes further, put forward or back in between or not. */
  const later = (ahead) => {
    const at = now - (now % MINUTE) + ahead * MINUTE;
    const drift = (minuteOfWeek(timeZone, at) - minute - ahead) % WEEK;
    return at - (drift > DAY ? drift - WEEK : drift < -DAY ? drift + WEEK : drift) * MINUTE;
  };
  for (let day = today; day <= today + 7; day++)
    for (const [from, to] of days[DAYS[day % 7]] ?? []) {
      const [opens, closes] = [from, to].map((time) => day * DAY + minutesOf(time) - minute);
      if (opens > 0) return { isOpen: false, until: later(opens), back: later(opens) };
      if (closes > 0) return { isOpen: true, until: later(closes) };
    }
  return { isOpen: false };
};

/**
 * Tells in words, while nobody is there, when somebody is back (nothing where they never are) and what the organization says to that;
 * `tell()` while somebody is there; again whenever that changes. Gives a function that ends it.
 */
export const follow = (hours, words, tell) => {
  let timer;
  const turn = () => {
    const now = Date.now();
    const { isOpen, until = Infinity, back } = look(hours, now);
    const isToday = back && new Date(back).toDateString() == new Date(now).toDateString();
    const when = isToday ? words.say("backAt", words.time(back)) : back ? words.say("back", words.moment(back)) : "";
    isOpen ? tell() : tell(when, hours.away ?? words.say("away"));
    timer = setTimeout(turn, Math.min(Math.max(until - now, MINUTE), OFTEN));
  };
  turn();
  return () => clearTimeout(timer);
};
