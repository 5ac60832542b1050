// Navigation in the manner of Turbo: the next page is fetched, its body takes the place of this one, and its scripts
// run; scripts of the head run once.
async function go(address) {
  const text = await (await fetch(address)).text();
  const { body, title } = new DOMParser().parseFromString(text, "text/html");
  for (const script of body.querySelectorAll("script")) {
    const again = document.createElement("script");
    for (const { name, value } of script.attributes) again.setAttribute(name, value);
    script.replaceWith(again);
  }
  history.pushState({}, "", address);
  document.title = title;
  document.documentElement.replaceChild(document.adoptNode(body), document.body);
}
