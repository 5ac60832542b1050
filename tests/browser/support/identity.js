// What an organization's own server says about its customers: JWTs (RFC 7519), signed with HS256.
import { createHmac } from "node:crypto";

/** Seconds. */
const HOUR = 3_600;

/** A token for this person that the relay accepts, unless `claims` says otherwise. */
export function identityOf(subject, secret, claims = {}) {
  const now = Math.floor(Date.now() / 1_000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: subject, iat: now, exp: now + HOUR, ...claims })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
