// The reference at /docs: /openapi.json to read, and to try. One operation at a time; its name is the address.

const $ = (id) => document.getElementById(id);
const main = $("content");

/** An element. Texts become text nodes, so nothing of the document is ever markup. */
const el = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null));
  return element;
};

/** A sentence with `code` in it. */
const prose = (text) => text.split("`").map((part, at) => (at % 2 ? el("code", {}, part) : part));

/** In the order in which they are shown. */
const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"];

let api;
let operations = [];

const resolve = (schema) => {
  if (!schema?.$ref) return schema ?? {};
  const { $ref, ...own } = schema;
  return { ...$ref.slice(2).split("/").reduce((at, name) => at[name], api), ...own };
};

const nameOf = (schema) => schema?.$ref?.split("/").pop();

/** A type in a few words. */
const typeOf = (schema = {}) => {
  const name = nameOf(schema);
  const { type, items, anyOf, oneOf, enum: names, const: one } = resolve(schema);
  if (names) return names.map((value) => JSON.stringify(value)).join(" | ");
  if (one !== undefined) return JSON.stringify(one);
  const several = anyOf ?? oneOf;
  if (several) return [...new Set(several.map(typeOf))].join(" | ");
  if (type === "array") return `array of ${typeOf(items)}`;
  if (name && type === "string") return `${name}, a string`;
  if (name) return name;
  return [type ?? "anything"].flat().join(" | ");
};

/** Limits in a few words. */
const limitsOf = (schema = {}) => {
  const { minLength, maxLength, minItems, maxItems, maxProperties, minimum, maximum, format } = resolve(schema);
  const span = (least, most, what) => {
    if (least === undefined && most === undefined) return [];
    if (least === undefined) return [`at most ${most.toLocaleString("en")}${what}`];
    if (most === undefined) return least ? [`at least ${least}${what}`] : [];
    return [`${least} to ${most.toLocaleString("en")}${what}`];
  };
  return [
    ...span(minLength, maxLength, " characters"),
    ...span(minItems, maxItems, " items"),
    ...span(undefined, maxProperties, " members"),
    ...(format?.startsWith("uint") || format?.startsWith("int") ? [] : span(minimum, maximum, "")),
  ].join(", ");
};

/** The schemas with members of their own that a schema leads to at once. */
const inside = (schema) => {
  const whole = resolve(schema);
  if (whole.properties) return [[nameOf(schema), whole]];
  return [...(whole.anyOf ?? whole.oneOf ?? []), ...(whole.items ? [whole.items] : [])].flatMap(inside);
};

/** Something that fits the schema, to begin with. */
const example = (schema) => {
  const whole = resolve(schema);
  if (whole.default !== undefined) return whole.default;
  if (whole.enum) return whole.enum[0];
  if (whole.const !== undefined) return whole.const;
  const several = whole.anyOf ?? whole.oneOf;
  if (several) return example(several[0]);
  const type = [whole.type].flat()[0];
  if (type === "object") {
    const members = (whole.required ?? []).map((name) => [name, example(whole.properties[name])]);
    return Object.fromEntries(members);
  }
  if (type === "array") return whole.minItems ? [example(whole.items)] : [];
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return whole.minimum ?? 1;
  if (type === "string") return whole.format === "date-time" ? "2030-01-31T12:00:00Z" : "";
  return null;
};

const table = (caption, rows) =>
  el(
    "table",
    {},
    el("caption", {}, caption),
    el(
      "tbody",
      {},
      rows.map(({ name, schema, description, required }) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, el("code", {}, name), required ? el("small", {}, "required") : null),
          el(
            "td",
            {},
            el("span", { class: "type" }, typeOf(schema)),
            limitsOf(schema) ? el("span", { class: "limits" }, limitsOf(schema)) : null,
            description ? el("p", {}, prose(description)) : null,
          ),
        ),
      ),
    ),
  );

const members = (schema) =>
  Object.entries(schema.properties).map(([name, member]) => ({
    name,
    schema: member,
    description: member.description ?? "",
    required: schema.required?.includes(name),
  }));

/** A schema's members, and below them those of what they contain, folded. */
const describe = (schema, seen = new Set()) =>
  inside(schema).map(([name, whole]) => {
    if (seen.has(whole.properties)) return null;
    seen.add(whole.properties);
    const below = Object.values(whole.properties).flatMap(inside);
    return [
      table(name ?? "Members", members(whole)),
      below.map(([name, nested]) => {
        if (seen.has(nested.properties)) return null;
        seen.add(nested.properties);
        return el("details", {}, el("summary", {}, name ?? "Members"), table(name ?? "Members", members(nested)));
      }),
    ];
  });

const field = (label, input, hint) =>
  el("label", { class: "field" }, el("span", {}, el("code", {}, label), hint ? el("small", {}, hint) : null), input);

const attempt = ({ method, path, operation, parameters }) => {
  const inputs = parameters.map((parameter) => [
    parameter,
    el("input", { name: parameter.name, autocomplete: "off", spellcheck: "false", required: parameter.required }),
  ]);
  const content = operation.requestBody?.content ?? {};
  const isFile = "multipart/form-data" in content;
  const schema = content["application/json"]?.schema;
  const body = schema && el("textarea", { name: "body", rows: "8", spellcheck: "false" });
  if (body) body.value = JSON.stringify(example(schema), null, 2);
  const file = isFile ? el("input", { type: "file", name: "file", required: true }) : null;
  const answer = el("div", { class: "answer", role: "status" });
  const command = el("pre", { class: "command", tabindex: "0", "aria-label": "The same with curl" });

  const request = () => {
    const given = inputs.filter(([{ in: place }, { value }]) => value !== "" || place === "path");
    const of = (place) => given.filter(([parameter]) => parameter.in === place);
    const filled = of("path").reduce(
      (path, [{ name }, { value }]) => path.replace(`{${name}}`, value ? encodeURIComponent(value) : `{${name}}`),
      path,
    );
    const query = new URLSearchParams(of("query").map(([{ name }, { value }]) => [name, value])).toString();
    const headers = Object.fromEntries(of("header").map(([{ name }, { value }]) => [name, value]));
    if (operation.security === undefined && $("token").value) headers.Authorization = `Bearer ${$("token").value.trim()}`;
    if (body) headers["Content-Type"] = "application/json";
    return { url: location.origin + filled + (query && `?${query}`), headers };
  };
  const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
  const show = () => {
    const { url, headers } = request();
    const shown = Object.entries(headers).map(([name, value]) =>
      name === "Authorization" ? ' \\\n  -H "Authorization: Bearer $TOKEN"' : ` \\\n  -H ${quoted(`${name}: ${value}`)}`,
    );
    const sent = body ? ` \\\n  -d ${quoted(body.value)}` : isFile ? " \\\n  -F file=@photo.jpg" : "";
    command.textContent = `curl${method === "GET" ? "" : ` -X ${method}`} ${quoted(url)}${shown.join("")}${sent}`;
  };
  const send = async (event) => {
    event.preventDefault();
    const { url, headers } = request();
    const form = file && new FormData();
    form?.append("file", file.files[0]);
    answer.replaceChildren(el("p", { class: "quiet" }, "Waiting…"));
    const started = performance.now();
    try {
      const response = await fetch(url, { method, headers, body: body?.value ?? form ?? undefined });
      const text = await response.text();
      answer.replaceChildren(...answered(response, text, performance.now() - started));
    } catch (error) {
      answer.replaceChildren(el("p", {}, `There was no answer: ${error.message}`));
    }
  };
  const form = el(
    "form",
    { class: "try", onsubmit: send, oninput: show },
    el("h2", {}, "Try it"),
    inputs
      .filter(([{ in: place }]) => place === "path")
      .map(([{ name }, input]) => field(name, input)),
    options(inputs.filter(([{ in: place }]) => place !== "path")),
    body ? field("body", body, "JSON") : null,
    file ? field("file", file) : null,
    el("button", {}, "Send"),
    command,
    answer,
  );
  $("token").oninput = show;
  show();
  return form;
};

const options = (inputs) =>
  inputs.length
    ? el("details", {}, el("summary", {}, `Parameters (${inputs.length})`), inputs.map(([{ name }, input]) => field(name, input)))
    : null;

const answered = (response, text, took) => {
  const headers = ["x-total-count", "link", "retry-after", "content-type", "x-request-id"]
    .map((name) => [name, response.headers.get(name)])
    .filter(([, value]) => value);
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // It is not JSON; it is shown as it is.
  }
  return [
    el(
      "p",
      { class: response.ok ? "status good" : "status bad" },
      el("b", {}, `${response.status} ${response.statusText}`),
      el("span", { class: "quiet" }, `${Math.round(took)} ms`),
    ),
    el("dl", {}, headers.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    shown ? el("pre", { tabindex: "0", "aria-label": "Body of the answer" }, shown) : null,
  ];
};

const answers = ({ responses }) =>
  el(
    "section",
    {},
    el("h2", {}, "Answers"),
    Object.entries(responses).map(([status, response]) => {
      const schema = response.content?.["application/json"]?.schema;
      const parts = schema && Number(status) < 300 ? describe(schema) : [];
      const line = [el("b", { class: Number(status) < 300 ? "good" : "bad" }, status), " ", ...prose(response.description)];
      return parts.length ? el("details", { class: "response" }, el("summary", {}, line), parts) : el("p", { class: "response" }, line);
    }),
  );

const page = (chosen) => {
  const { method, path, operation, parameters } = chosen;
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const access = operation.security ? "Needs no token." : (operation.description ?? "For everybody who works for the organization.");
  return [
    el(
      "article",
      {},
      el("p", { class: "tag" }, operation.tags[0]),
      el("h1", { tabindex: "-1" }, operation.summary),
      el("p", { class: "route" }, el("b", { class: `method ${method.toLowerCase()}` }, method), " ", el("code", {}, path)),
      el("p", { class: "quiet" }, access),
      parameters.length
        ? el("section", {}, el("h2", {}, "Parameters"), table("", parameters))
        : null,
      schema ? el("section", {}, el("h2", {}, "Body"), describe(schema)) : null,
      answers(operation),
    ),
    attempt(chosen),
  ];
};

const overview = () =>
  el(
    "article",
    { class: "overview" },
    el("h1", { tabindex: "-1" }, "The API of this relay"),
    el("p", {}, prose(api.info.description)),
    el(
      "p",
      {},
      "To try calls, paste a token above: the first admin's is in ",
      el("code", {}, "admin-token"),
      " of the data directory. It stays in this page and is gone when you leave it.",
    ),
    el("p", {}, el("a", { href: "/openapi.json" }, "openapi.json"), ` is what this page is made from, version ${api.info.version}.`),
    api.tags.map(({ name }) =>
      el(
        "section",
        {},
        el("h2", {}, name),
        el(
          "ul",
          {},
          operations
            .filter(({ operation }) => operation.tags[0] === name)
            .map(({ operation, method, path }) =>
              el("li", {}, el("a", { href: `#${operation.operationId}` }, operation.summary), el("code", {}, `${method} ${path}`)),
            ),
        ),
      ),
    ),
  );

const visit = (focus) => {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id === "content") return main.focus();
  const chosen = operations.find(({ operation }) => operation.operationId === id);
  main.replaceChildren(...[chosen ? page(chosen) : overview()].flat());
  main.classList.toggle("two", Boolean(chosen));
  document.title = chosen ? `${chosen.operation.summary} · Frontdesk API` : "Frontdesk API";
  for (const link of $("operations").querySelectorAll("a")) {
    if (link.hash === `#${id}`) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest" });
    } else link.removeAttribute("aria-current");
  }
  scrollTo(0, 0);
  if (focus) main.querySelector("h1").focus({ preventScroll: true });
};

const search = () => {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ operation, method, path }) => {
    const text = `${operation.operationId} ${operation.summary} ${operation.tags[0]} ${method} ${path}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const found = operations.filter(fits);
  $("found").textContent = words.length ? `${found.length} operations` : "";
  $("operations").replaceChildren(
    ...api.tags.map(({ name }) => {
      const own = found.filter(({ operation }) => operation.tags[0] === name);
      if (!own.length) return "";
      const links = own.map(({ operation, method, path }) =>
        el(
          "li",
          {},
          el(
            "a",
            { href: `#${operation.operationId}`, title: path },
            el("b", { class: `method ${method.toLowerCase()}` }, method),
            el("span", {}, operation.summary),
          ),
        ),
      );
      return el("section", {}, el("h2", {}, name), el("ul", {}, links));
    }),
    found.length ? "" : el("p", { class: "quiet" }, "Nothing is called that."),
  );
};

const start = async () => {
  api = await (await fetch("/openapi.json")).json();
  operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => method.toLowerCase() in methods).map((method) => {
      const operation = methods[method.toLowerCase()];
      return { path, method, operation, parameters: operation.parameters };
    }),
  );
  search();
  visit(false);
  $("search").addEventListener("input", search);
  addEventListener("hashchange", () => visit(true));
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input, textarea")) return;
    event.preventDefault();
    $("search").focus();
  });
};

start().catch((error) => main.replaceChildren(el("p", {}, `The description of the API could not be read: ${error.message}`)));
