// The actions framework, as a page meets it: each sentence about the real one's behaviour, in
// `docs/embedding.md`, is a test here.
import { expect, test } from "../support/test.js";

/** Runs `script(actions)` on the page, which may note things with `note(…)`. Gives the notes. */
function run(page, script) {
  return page.evaluate(async (source) => {
    await web1on1.ready;
    const notes = [];
    const note = (...parts) => notes.push(parts.map(String).join(" "));
    await new Function("actions", "note", `return (${source})(actions, note)`)(web1on1.actions, note);
    return notes;
  }, String(script));
}

test.beforeEach(async ({ page, visit }) => {
  await visit("plain");
  await page.waitForFunction(() => window.web1on1?.actions);
});

test("listeners before run side by side, in their order; then the action, then those after; then its result", async ({
  page,
}) => {
  const notes = await run(page, async (actions, note) => {
    actions.registerAction("Book", async () => (note("action"), "booked"));
    actions.addListener("beforeBook", async () => {
      note("first starts");
      await null;
      note("first ends");
    });
    actions.on("beforeBook", () => note("second"));
    actions.on("afterBook", async () => {
      await null;
      note("after");
    });
    note(await actions.invokeAction("Book"));
  });

  expect(notes).toEqual(["first starts", "second", "first ends", "action", "after", "booked"]);
});

test("everybody gets the very same payload, and the action what a listener has made of it", async ({ page }) => {
  const notes = await run(page, async (actions, note) => {
    const payload = { when: "today", onDone: () => {} };
    const result = { number: 7, payload };
    actions.registerAction("Book", (given) => (note(given === payload, given.when), result));
    actions.on("beforeBook", (given) => (given.when = "tomorrow"));
    actions.on("afterBook", (given) => note(given === payload));
    note((await actions.invokeAction("Book", payload)) === result);
  });

  expect(notes).toEqual(["true tomorrow", "true", "true"]);
});

test("without a payload they get undefined", async ({ page }) => {
  const notes = await run(page, async (actions, note) => {
    actions.registerAction("Book", (...given) => void note(given));
    actions.on("beforeBook", (given) => note(given));
    note(await actions.invokeAction("Book"));
  });

  expect(notes).toEqual(["undefined", "", "undefined"]);
});

test("a cancelled action does not run; the other listeners do", async ({ page, errors }) => {
  const notes = await run(page, async (actions, note) => {
    actions.registerAction("Book", () => note("action"));
    actions.on("beforeBook", async (payload, cancel) => {
      await null;
      cancel();
    });
    actions.on("beforeBook", () => note("second"));
    actions.on("afterBook", () => note("after"));
    await actions.invokeAction("Book").catch((error) => note(error.name, error.code, error.message));
  });

  expect(notes).toEqual(["second", "Error action_cancelled Action Book cancelled by before event"]);
  expect(errors).toEqual([]);
});

test("a listener that throws or rejects stops nothing, and is told", async ({ page, errors }) => {
  const notes = await run(page, async (actions, note) => {
    actions.registerAction("Book", () => "booked");
    actions.on("beforeBook", () => {
      throw new Error("thrown before");
    });
    actions.on("beforeBook", () => Promise.reject(new Error("rejected before")));
    actions.on("afterBook", () => {
      throw new Error("thrown after");
    });
    note(await actions.invokeAction("Book"));
  });

  expect(notes).toEqual(["booked"]);
  expect(errors.map((error) => /\w+ (before|after)/.exec(error)[0])).toEqual([
    "thrown before",
    "rejected before",
    "thrown after",
  ]);
});

test("an action that throws rejects with that very error, and nobody hears of an after", async ({ page }) => {
  const notes = await run(page, async (actions, note) => {
    const mistake = new RangeError("full");
    actions.registerAction("Book", () => {
      throw mistake;
    });
    actions.on("afterBook", () => note("after"));
    await actions.invokeAction("Book").catch((error) => note(error === mistake));
  });

  expect(notes).toEqual(["true"]);
});

test("an unknown action rejects, also one that is only replaced and asks for its original", async ({ page }) => {
  const notes = await run(page, async (actions, note) => {
    const tell = (error) => note(error.name, error.code, error.message);
    await actions.invokeAction("Fly").catch(tell);
    await actions.invokeAction("sendmessage", { body: "Hello" }).catch(tell);
    actions.replaceAction("Fly", () => "flown");
    note(await actions.invokeAction("Fly"));
    actions.replaceAction("Fly", (payload, original) => original(payload));
    await actions.invokeAction("Fly").catch(tell);
  });

  const unknown = "Error unknown_action Action does not exist";
  expect(notes).toEqual([unknown, unknown, "flown", unknown]);
});

test("a replaced action has one before and one after; the last replacement counts, and its original is the action", async ({
  page,
}) => {
  const notes = await run(page, async (actions, note) => {
    actions.on("beforeBook", () => note("before"));
    actions.on("afterBook", () => note("after"));
    actions.registerAction("Book", (payload) => `action ${payload}`);
    actions.replaceAction("Book", () => note("never"));
    actions.replaceAction("Book", async (payload, original) => `[${await original(payload + "!")}]`);
    note(await actions.invokeAction("Book", "now"));
    actions.registerAction("Book", (payload) => `new action ${payload}`);
    note(await actions.invokeAction("Book", "now"));
  });

  expect(notes).toEqual(["before", "after", "[action now!]", "before", "after", "[new action now!]"]);
});

test("what an original gets is what the replacement gave, and what it gives comes back as it is", async ({ page }) => {
  const notes = await run(page, async (actions, note) => {
    const given = { seat: () => 7 };
    const result = { ticket: () => 8 };
    actions.registerAction("Book", (payload) => (note(payload === given), result));
    actions.replaceAction("Book", async (payload, original) => {
      const value = await original(given);
      note(value === result);
      return value;
    });
    note((await actions.invokeAction("Book", {})) === result);
  });

  expect(notes).toEqual(["true", "true", "true"]);
});

test("a payload update makes what the action gets", async ({ page }) => {
  const notes = await run(page, async (actions, note) => {
    actions.registerAction("Book", (payload) => note(payload.seats), (payload) => ({ seats: payload.seats + 1 }));
    actions.on("beforeBook", (payload) => note("before", payload.seats));
    await actions.invokeAction("Book", { seats: 1 });
  });

  expect(notes).toEqual(["before 1", "2"]);
});

test("a listener added twice runs twice, one removal takes one, and names are case-sensitive", async ({ page }) => {
  const notes = await run(page, async (actions, note) => {
    const listener = () => note("listener");
    actions.registerAction("lower", () => note("action"));
    actions.on("beforelower", listener);
    actions.on("beforelower", listener);
    actions.on("beforeLower", () => note("another name"));
    await actions.invokeAction("lower");
    actions.removeListener("beforelower", listener);
    await actions.invokeAction("lower");
    actions.off("beforelower", listener);
    await actions.invokeAction("lower");
    actions.on("afterlower", listener);
    actions.removeAllListeners("beforelower");
    await actions.invokeAction("lower");
    actions.removeAllListeners();
    await actions.invokeAction("lower");
  });

  const one = ["listener", "action"];
  expect(notes).toEqual(["listener", ...one, ...one, "action", "action", "listener", "action"]);
});

test("registering gives the framework itself, and loads nothing", async ({ page, relay }) => {
  const requests = [];
  page.on("request", (request) => request.url().startsWith(relay.origin) && requests.push(request.url()));

  const notes = await run(page, (actions, note) => {
    note(actions.on("beforeBook", () => {}) === actions);
    note(actions.removeListener("beforeBook", () => {}) === actions);
  });

  expect(notes).toEqual(["true", "true"]);
  await page.waitForLoadState("networkidle");
  expect(requests).toEqual([]);
});

test("a wrong argument throws a TypeError that names it", async ({ page }) => {
  const notes = await run(page, (actions, note) => {
    for (const call of [
      () => actions.registerAction(1, () => {}),
      () => actions.registerAction("Book", "no function"),
      () => actions.registerAction("Book", () => {}, 7),
      () => actions.replaceAction("Book"),
      () => actions.on("beforeBook", null),
      () => actions.invokeAction(),
    ])
      try {
        call();
      } catch (error) {
        note(error.name, error.message);
      }
  });

  expect(notes).toEqual([
    "TypeError web1on1: name must be string",
    "TypeError web1on1: callback must be function",
    "TypeError web1on1: payloadUpdate must be function",
    "TypeError web1on1: callback must be function",
    "TypeError web1on1: callback must be function",
    "TypeError web1on1: name must be string",
  ]);
});

test.describe("the chat's own actions", () => {
  test("a message without a body is refused by name", async ({ page, chat }) => {
    await chat.open();
    const notes = await run(page, async (actions, note) => {
      await actions.invokeAction("SendMessage", {}).catch((error) => note(error.name, error.message));
    });
    expect(notes).toEqual(["TypeError web1on1: body must be a string"]);
  });

  test("what the visitor sends, chooses and closes can be changed and cancelled", async ({ page, chat, organization }) => {
    await run(page, (actions) => {
      actions.on("beforeSendMessage", (payload, cancel) => {
        if (payload.body === "secret") cancel();
        payload.body = payload.body.replace("bike", "bicycle");
      });
      actions.on("beforeMinimizeChat", (payload, cancel) => cancel());
    });
    await chat.open();

    await chat.say("A bike, please");
    await chat.say("secret");
    await chat.expectTexts(["A bicycle, please"]);
    await expect(chat.field).toHaveValue("secret");
    await page.keyboard.press("Escape");

    await expect(chat.panel).toBeVisible();
    expect(await organization.texts()).toEqual(["A bicycle, please"]);
  });

  test("calls of the page are actions, too", async ({ page, chat }) => {
    const notes = await run(page, async (actions, note) => {
      for (const name of ["StartEngagement", "SendMessage", "SetInputText", "ToggleChatVisibility", "MinimizeChat"])
        actions.on(`before${name}`, (payload) => note(name, payload?.body ?? ""));
      const is = (value) =>
        new Promise((resolve) => web1on1.on(value ? "open" : "close", resolve)).then(() => note(web1on1.isOpened()));
      const opened = is(true);
      web1on1.open();
      await opened;
      web1on1.setPredefinedMessage("Hello");
      await web1on1.api.sendClientMessage("Hi");
      const closed = is(false);
      web1on1.close();
      await closed;
    });

    expect(notes).toEqual([
      "ToggleChatVisibility ",
      "true",
      "SetInputText Hello",
      "StartEngagement ",
      "SendMessage Hi",
      "MinimizeChat ",
      "false",
    ]);
    await expect(chat.panel).toBeHidden();
  });

  test("opening that a listener cancels does not open, from the launcher or by a call", async ({ page, chat }) => {
    await run(page, (actions) => actions.on("beforeToggleChatVisibility", (payload, cancel) => cancel()));

    await chat.launcher.click();
    const code = await page.evaluate(() => web1on1.actions.invokeAction("ToggleChatVisibility").catch(({ code }) => code));

    expect(code).toBe("action_cancelled");
    expect(await chat.call("isOpened")).toBe(false);
  });

  test("opening twice in one go opens", async ({ page, chat }) => {
    await run(page, (actions) => actions.on("afterToggleChatVisibility", () => {}));

    await page.evaluate(() => (web1on1.open(), web1on1.open()));

    await expect(chat.field).toBeVisible();
  });

  test("the page takes over sending", async ({ page, chat, organization }) => {
    await run(page, (actions) => {
      actions.replaceAction("SendMessage", async (payload, original) => {
        const { seq } = await original({ ...payload, body: `${payload.body}!` });
        window.seq = seq;
        return seq;
      });
    });
    await chat.open();
    await chat.say("Hello");

    await expect.poll(() => organization.texts()).toEqual(["Hello!"]);
    await expect.poll(() => page.evaluate(() => window.seq)).toBe(1);
    expect(await page.evaluate(() => web1on1.actions.invokeAction("SendMessage", { body: "Again" }))).toBe(2);
  });

  test("form data start the conversation; a restart leaves it", async ({ page, chat, organization }) => {
    await page.evaluate(() => web1on1.actions.invokeAction("StartEngagement", { formData: { name: "Ada" } }));
    expect((await organization.contact()).profile.name).toBe("Ada");
    await chat.open();
    await chat.say("Hello");
    await chat.expectSent("Hello");

    await page.evaluate(() => web1on1.actions.invokeAction("RestartEngagement"));

    await chat.expectTexts([]);
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    await chat.say("Somebody else");
    await expect.poll(() => organization.conversations().then(({ length }) => length)).toBe(2);
  });
});

test("what was registered outlives destroy and a second start", async ({ page, chat, organization }) => {
  await run(page, (actions) => actions.on("beforeSendMessage", (payload) => (payload.body += "!")));
  await chat.open();
  await page.evaluate(() => (web1on1.destroy(), web1on1.init()));
  await chat.open();
  await chat.say("Hello");

  await expect.poll(() => organization.texts()).toEqual(["Hello!"]);
});
