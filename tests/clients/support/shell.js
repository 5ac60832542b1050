// One shell, in which blocks of commands are run one after the other, as whoever reads a page pastes them.
import { spawn } from "node:child_process";

/** Stands in no output (ASCII's record separator). */
const END = "\x1e";
/** An answer that is an error fails its command, and with it the block. Each answer is a line of its own. */
const PRELUDE = "set -euo pipefail; curl() { command curl --silent --show-error --fail-with-body --write-out '\\n' \"$@\"; }\n";

export class Shell {
  #process;
  #output = "";
  #complaints = "";
  #wake = () => {};

  constructor(directory, environment) {
    const options = { cwd: directory, env: { ...process.env, ...environment } };
    this.#process = spawn("bash", options);
    const wake = () => this.#wake();
    this.#process.stdout.on("data", (text) => wake((this.#output += text)));
    this.#process.stderr.on("data", (text) => (this.#complaints += text));
    this.#process.on("close", wake);
    this.#process.stdin.write(PRELUDE);
  }

  /** Gives what the block prints. */
  async run(block) {
    this.#complaints = "";
    this.#process.stdin.write(`${block}\nprintf '${END}'\n`);
    while (!this.#output.includes(END)) {
      if (this.#process.exitCode !== null) throw new Error(`${block}\n${this.#output}\n${this.#complaints}`);
      await new Promise((resolve) => (this.#wake = resolve));
    }
    const [printed, rest] = this.#output.split(END);
    this.#output = rest;
    return printed;
  }

  end() {
    this.#process.kill();
  }
}
