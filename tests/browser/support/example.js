// An example of web1on1's SDK, as it is in its npm package, run as its author would: a process with a few variables in its
// environment, and a webhook that leads to it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const EXAMPLES = new URL("../../clients/node_modules/chipchat/examples/", import.meta.url);
const TO_CONTACTS = fileURLToPath(new URL("../../clients/support/to-contacts.cjs", import.meta.url));

export class Example {
  #process;
  /** What it has printed. */
  output = "";

  /** Ready to be told of messages. `host` is the API's address where it is not the relay's own. */
  static async start(name, relay, { host = relay.origin } = {}) {
    const example = new Example();
    const { organization } = relay;
    example.bot = await relay.rest.post("/v2/users", { organization, role: "bot", name: `The ${name} bot` });
    const { port, secret } = await webhook(relay);
    const environment = { APIHOST: host, TOKEN: example.bot.token, SECRET: secret, PORT: String(port) };
    await example.#run(name, environment);
    return example;
  }

  stop() {
    this.#process.kill("SIGKILL");
  }

  async #run(name, environment) {
    const file = fileURLToPath(new URL(`${name}.js`, EXAMPLES));
    const child = spawn(process.execPath, ["--require", TO_CONTACTS, file], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    const killIt = () => child.kill("SIGKILL");
    process.once("exit", killIt);
    child.once("exit", () => process.off("exit", killIt));
    child.stdout.on("data", (text) => (this.output += text));
    child.stderr.on("data", (text) => (this.output += text));
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith("ChipChat Webhook running")) return void child.stdout.resume();
    }
    throw new Error(`${name} did not start:\n${this.output}`);
  }
}

/** Where the example will listen, and the secret that it needs before it does: the address is asked first. */
async function webhook({ rest, organization }) {
  const server = createServer(({ url }, response) => response.end(new URL(url, "http://it").searchParams.get("challenge")));
  server.listen(0);
  await once(server, "listening");
  const { port } = server.address();
  const url = `http://127.0.0.1:${port}/`;
  const { secret } = await rest.post("/v2/webhooks", { organization, url, events: ["message.*"] });
  server.close().closeAllConnections();
  await once(server, "close");
  return { port, secret };
}
