// The TypeScript declarations: all that they declare is there, all that is there is declared.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { expect, test } from "../support/test.js";

const DECLARATIONS = fileURLToPath(new URL("../../../static/web1on1.d.ts", import.meta.url));
const EMBEDDING = new URL("../../../docs/embedding.md", import.meta.url);
const ERRORS = new URL("../../../docs/errors.md", import.meta.url);
const PROJECT = fileURLToPath(new URL("../types", import.meta.url));
const TSC = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

test("a file that uses all of the declarations compiles, and wrong uses do not", { tag: "@inline" }, async () => {
  test.slow();
  const compiled = promisify(execFile)(process.execPath, [TSC, "-p", PROJECT]).catch((error) => error);

  expect((await compiled).stdout).toBe("");
});

test("`web1on1` and `FlexWebChat` are as declared, member by member", { tag: "@inline" }, async ({ page, visit }) => {
  await visit("plain", { attributes: 'data-compat="flex"' });
  await page.waitForFunction(() => window.FlexWebChat);

  expect(await page.evaluate(members, "web1on1")).toEqual(declared("Web1on1"));
  expect(await page.evaluate(members, "FlexWebChat")).toEqual(declared("FlexWebChat"));
});

test("the codes that are declared are those of docs/errors.md", { tag: "@inline" }, async () => {
  const table = await readFile(ERRORS, "utf8");
  const codes = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);

  expect(codes.length).toBeGreaterThan(0);
  expect(typeOf("ErrorCode").types.map(({ value }) => value).sort()).toEqual(codes.sort());
});

test("docs/embedding.md lists every setting, event and action that is declared", { tag: "@inline" }, async () => {
  const page = await readFile(EMBEDDING, "utf8");
  const rows = (heading) => new RegExp(`^## ${heading}\n.*?(?=^## )`, "ms").exec(page)[0].match(/^\| `.*/gm);
  const first = (row) => [...row.split(" | ")[0].matchAll(/`([\w:-]+)`/g)].map(([, name]) => name);
  const names = (type) => typeOf(type).getProperties().map(({ name }) => name).sort();
  const attribute = (key) => `data-${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

  expect(rows("Attributes").flatMap(first).sort()).toEqual(names("Settings").map(attribute).sort());
  expect(rows("Events").flatMap(first).sort()).toEqual(names("Events"));
  expect(rows("Actions").flatMap(first).sort()).toEqual(names("ActionPayloads"));
});

/** Runs in the page. Names of members, and of the members of objects in them; what a class of the browser has is its own. */
function members(name) {
  const list = (object, path) =>
    Object.entries(object).flatMap(([key, value]) =>
      value?.constructor === Object ? list(value, `${path}${key}.`) : [`${path}${key}`],
    );
  return list(window[name], "").sort();
}

/** The same of an interface. */
function declared(name) {
  const list = (type, path) =>
    type.getProperties().flatMap((member) => {
      const type = checker.getTypeOfSymbol(member);
      const isFunction = type.getCallSignatures().length > 0;
      const isObject = type.flags & ts.TypeFlags.Object && !isFunction && type.symbol.name !== "Promise";
      return isObject ? list(type, `${path}${member.name}.`) : [`${path}${member.name}`];
    });
  return list(typeOf(name), "").sort();
}

const program = ts.createProgram([DECLARATIONS], { target: ts.ScriptTarget.ES2023 });
const checker = program.getTypeChecker();

function typeOf(name) {
  const file = checker.getSymbolAtLocation(program.getSourceFile(DECLARATIONS));
  return checker.getDeclaredTypeOfSymbol(file.exports.get(name));
}
