// A real relay: the program itself, on an address of its own, with a data directory of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Rest } from "./rest.js";

export class Relay {
  #environment;
  #address;
  #process;
  #output = "";

  /** Starts one with these variables in its environment; ready to serve. */
  static async start(environment = {}) {
    const relay = new Relay();
    relay.#environment = environment;
    relay.#address = await freeAddress();
    relay.origin = `http://${relay.#address}`;
    relay.directory = await mkdtemp(join(tmpdir(), "relay-browser-"));
    await relay.restart();
    const token = await readFile(join(relay.directory, "data/admin-token"), "utf8");
    relay.rest = new Rest(relay.origin, token.trim());
    [{ id: relay.organization }] = await relay.rest.get("/v2/organizations");
    return relay;
  }

  /** Same address, same data; ready to serve. */
  async restart() {
    const data = join(this.directory, "data");
    const child = spawn(process.env.RELAY_BIN, ["serve", "--listen", this.#address, "--data-dir", data], {
      env: { ...process.env, ...this.#environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    const killIt = () => child.kill("SIGKILL");
    process.once("exit", killIt);
    child.once("exit", () => process.off("exit", killIt));
    child.stderr.on("data", (text) => (this.#output += text));
    for await (const line of createInterface({ input: child.stdout })) {
      this.#output += `${line}\n`;
      if (line.endsWith("is ready")) return void child.stdout.resume();
    }
    throw new Error(`the relay did not start:\n${this.#output}`);
  }

  /** SIGKILL: nothing of the relay runs after this. */
  kill() {
    return this.#end("SIGKILL");
  }

  /** SIGTERM: sockets are told, requests are finished. Gives the exit code. */
  stop() {
    return this.#end("SIGTERM");
  }

  /** Ends it and removes its data. In no scenario does anything in it panic. */
  async remove() {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
    if (this.#output.includes("panicked at")) throw new Error(`the relay panicked:\n${this.#output}`);
  }

  async #end(signal) {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    const [code] = await exit;
    return code;
  }
}

/** An address that nobody else gets while the relay is down: an ephemeral port of 127.0.0.1 could go to a client. */
async function freeAddress() {
  const part = () => 1 + Math.floor(Math.random() * 254);
  const host = `127.${part()}.${part()}.${part()}`;
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return `${host}:${port}`;
}
