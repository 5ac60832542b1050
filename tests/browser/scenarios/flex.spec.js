// Pages that were written for Flex WebChat.
import { expect, test } from "../support/test.js";

test.beforeEach(async ({ page, visit }) => {
  await visit("plain", { attributes: 'data-compat="flex"' });
  await page.waitForFunction(() => window.FlexWebChat);
});

// https://www.twilio.com/docs/flex/developer/messaging/webchat/actions
const EXAMPLE = `
FlexWebChat.Actions.on("afterStartEngagement", (payload) => {
  const { channelSid } = manager.store.getState().flex.session;
  manager.chatClient.getChannelBySid(channelSid)
    .then(channel => {
      channel.sendMessage("My awesome message");
    })
})
`;

test("Twilio's example runs unchanged", async ({ page, organization }) => {
  await page.evaluate(async (example) => {
    window.manager = await FlexWebChat.Manager.create({ accountSid: "AC1", flexFlowSid: "FO1" });
    (0, eval)(example);
    await FlexWebChat.Actions.invokeAction("StartEngagement", { formData: { name: "Ada" } });
  }, EXAMPLE);

  await expect.poll(() => organization.texts()).toContain("My awesome message");
  expect((await organization.contact()).profile.name).toBe("Ada");
});

test("the store follows the chat", async ({ page, chat, organization }) => {
  const session = () => page.evaluate(() => manager.store.getState().flex.session);
  await page.evaluate(async () => {
    const webchat = await FlexWebChat.createWebChat({ colorTheme: {} });
    await webchat.init();
    window.manager = webchat.manager;
    window.changes = 0;
    window.unsubscribe = manager.store.subscribe(() => window.changes++);
  });
  expect(await session()).toEqual({ isEntryPointExpanded: false, engagementStage: "CF_PRE_ENGAGEMENT" });

  await chat.open();
  expect((await session()).isEntryPointExpanded).toBe(true);
  await chat.say("Hello");
  await chat.expectSent("Hello");

  const { id } = await organization.conversation();
  await expect.poll(session).toEqual({ isEntryPointExpanded: true, engagementStage: "CF_IN_ENGAGEMENT", channelSid: id });
  expect(await page.evaluate(() => window.changes)).toBeGreaterThan(0);
  const after = await page.evaluate(async () => {
    unsubscribe();
    window.changes = 0;
    await FlexWebChat.Actions.invokeAction("RestartEngagement");
    return window.changes;
  });
  expect(after).toBe(0);
  expect(await session()).toEqual({ isEntryPointExpanded: true, engagementStage: "CF_PRE_ENGAGEMENT" });
});

test("a channel sends, with attributes, and reads", async ({ page, organization }) => {
  const index = await page.evaluate(async () => {
    window.manager = await FlexWebChat.renderWebChat();
    window.channel = await manager.chatClient.getChannelBySid("CH1");
    await channel.typing();
    return channel.sendMessage("Hello", { campaign: "spring" });
  });
  const read = async () =>
    (await channel.getMessages()).items.map(({ index, body, author }) => ({ index, body, author }));

  expect(index).toBe(1);
  await expect.poll(() => page.evaluate(read)).toEqual([{ index: 1, body: "Hello", author: "contact" }]);
  expect(await page.evaluate(() => manager.strings.InputPlaceHolder)).toBe("Type message");
  const [message] = await organization.messages();
  expect(message.meta).toEqual({ campaign: "spring" });
});

test("without `flex` among the attributes there is no such global", async ({ page, visit }) => {
  await visit("plain");
  await page.waitForFunction(() => window.web1on1?.on);
  expect(await page.evaluate(() => "FlexWebChat" in window)).toBe(false);
});
