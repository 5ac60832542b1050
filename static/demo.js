// The buttons of the demo shop. A button's `data-calls` is a list of calls: [["open"], ["api.sendClientMessage", "Hello"]].

// The chat's script is async: this one may run before it or after it.
window.web1on1 ??= { q: [] };
const chat = web1on1.ready ?? new Promise((resolve) => web1on1.q.push(["on", "ready", () => resolve(web1on1)]));

const output = document.querySelector("output");

const run = async (calls) => {
  const web1on1 = await chat;
  for (const [name, ...args] of calls) {
    const target = name.startsWith("api.") ? web1on1.api : web1on1;
    const answer = await target[name.replace("api.", "")](...args);
    if (answer) output.value = `The relay stored it as message ${answer.seq} of this conversation.`;
  }
};

for (const button of document.querySelectorAll("[data-calls]")) {
  button.addEventListener("click", () => {
    run(JSON.parse(button.dataset.calls)).catch((error) => (output.value = `${error.code}: ${error.message}`));
  });
}
