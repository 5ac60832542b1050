// Messages as conversations have them: short and long, of both sides, with lists, links, buttons, cards and files.

const WORDS = "The frame comes in three sizes and two colours and the gears are the ones that you asked about last week".split(" ");

const words = (count, at) => Array.from({ length: count }, (_, word) => WORDS[(at * 7 + word * 3) % WORDS.length]).join(" ");

const card = (at) => ({
  title: `Bicycle ${at}`,
  description: words(8, at),
  actions: [{ type: "link", text: "Look", uri: `https://shop.example/${at}` }],
});

const KINDS = [
  (at) => ({ text: words(3, at) }),
  (at) => ({ text: words(40, at) }),
  (at) => ({ text: `${words(6, at)}\n${words(4, at)}\n\n${words(12, at)}` }),
  (at) => ({ role: "contact", text: words(9, at) }),
  (at) => ({ role: "contact", text: words(2, at) }),
  (at) => ({ text: `- ${words(3, at)}\n- ${words(5, at)}\n- **${words(2, at)}** https://shop.example/${at}` }),
  (at) => ({ text: words(7, at), actions: [{ type: "postback", text: "Book it", payload: `${at}` }] }),
  (at) => ({ text: `https://shop.example/${at}.pdf`, contentType: "application/pdf", meta: { title: `Offer ${at}.pdf` } }),
  (at) => ({ type: "card", text: words(4, at), items: [card(at), card(at + 1)] }),
  (at) => ({ text: words(120, at) }),
];

/** The message of this number, as the API takes it. */
export const mixed = (at) => ({ role: "agent", ...KINDS[at % KINDS.length](at) });
