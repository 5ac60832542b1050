// How the chat looks: what a page's style sheet must not change.

/** The boxes and computed styles of all that the chat shows, the launcher included, as they are now. */
export async function look(chat) {
  const parts = [chat.launcher, chat.panel];
  return {
    boxes: await Promise.all(parts.map((part) => part.boundingBox())),
    styles: await Promise.all(parts.map((part) => part.evaluateHandle(styles))),
  };
}

/** What differs between two looks, in words. The styles stay in the browser: there are too many to fetch. */
export async function differences(before, after) {
  const styles = before.styles.map((styles, index) => styles.evaluate(compare, after.styles[index]));
  const boxes = before.boxes
    .map((box, index) => [JSON.stringify(box), JSON.stringify(after.boxes[index])])
    .filter(([before, after]) => before !== after)
    .map(([before, after]) => `${before} became ${after}`);
  return [...boxes, ...(await Promise.all(styles)).flat()];
}

/** Runs in the page. */
async function styles(root) {
  await Promise.all(root.getAnimations({ subtree: true }).map((animation) => animation.finished));
  const styles = new Map();
  for (const [index, element] of [root, ...root.querySelectorAll("*")].entries())
    for (const pseudo of ["", "::before", "::after"]) {
      const style = getComputedStyle(element, pseudo);
      if (pseudo && style.content === "none") continue;
      const name = `${index} ${element.localName}.${element.getAttribute("class")}${pseudo}`;
      for (const property of style) styles.set(`${name} ${property}`, style.getPropertyValue(property));
    }
  return styles;
}

/** Runs in the page. Variables count by what they do. */
function compare(before, after) {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name) && !name.includes(" --"))
    .map((name) => `${name}: ${before.get(name)} became ${after.get(name)}`);
}
