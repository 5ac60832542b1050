// A token that is good no longer: the SDK gets another one, and asks again.
import assert from "node:assert/strict";
import { Desk, refusal } from "../support/desk.js";
import { test } from "../support/timed.js";

/** Milliseconds: the shortest that a token can live, which says when it ends in seconds. */
const SOON = 1_000;
const EMAIL = "bot+6l5V87eY3@chatshipper.com";

test("an expired token is refreshed, and the request goes through", async (t) => {
  const desk = await Desk.start(t);
  const { id, refreshToken } = await desk.user("bot", { email: EMAIL });
  const expiresAt = new Date(Date.now() + SOON).toISOString();
  const { token } = await desk.rest.post(`/v2/users/${id}/tokens`, { expiresAt });
  while (!(await isExpired(desk.sdk(token))));

  const sdk = desk.sdk(token, { email: EMAIL, refreshToken });
  const renewed = [];
  sdk.on("token", (token) => renewed.push(token));
  assert.equal((await sdk.users.get(id)).email, EMAIL);
  assert.equal(renewed.length, 1);
  assert.equal(sdk.auth.token, renewed[0]);
  await sdk.contacts.list();
  assert.equal(renewed.length, 1, "the new one is used");
});

test("a revoked token is refreshed, too, without an address of mail", async (t) => {
  const { desk, id, token, refreshToken } = await revoked(t);
  const sdk = desk.sdk(token, { refreshToken });
  assert.equal((await sdk.users.get(id)).id, id);
});

test("whose refresh token it is not gets nothing", async (t) => {
  const { desk, token, refreshToken } = await revoked(t);
  const thief = desk.sdk(token, { email: "mallory@shop.example", refreshToken });
  await assert.rejects(thief.contacts.list(), /invalid token: it was revoked/);
  const alone = desk.sdk(token);
  await assert.rejects(alone.contacts.list(), refusal(401, "unauthorized", "invalid token"));
});

/** A bot whose token was revoked. */
async function revoked(test) {
  const desk = await Desk.start(test);
  const { id, token, refreshToken } = await desk.user("bot", { email: EMAIL });
  const { jti } = desk.sdk(token).auth;
  const path = `${desk.relay.origin}/v2/users/${id}/tokens/${jti}`;
  const { status } = await fetch(path, { method: "DELETE", headers: { authorization: `Bearer ${desk.rest.token}` } });
  assert.equal(status, 204);
  return { desk, id, token, refreshToken };
}

async function isExpired(sdk) {
  const refused = await sdk.contacts.list().then(
    () => null,
    (error) => error,
  );
  return refused !== null && refusal(401, "unauthorized", "jwt expired")(refused);
}
