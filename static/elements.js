// Plain elements, for what is drawn beside the widget.

const SVG = "http://www.w3.org/2000/svg";

/** What has a class can be styled by the site as well. */
export const create = (tag, className, properties) =>
  Object.assign(document.createElement(tag), className && { className, part: className }, properties);

export const add = (parent, ...args) => parent.appendChild(create(...args));

/** 20 px, as the widget's own. */
export const icon = (d) => {
  const [drawing, path] = ["svg", "path"].map((tag) => document.createElementNS(SVG, tag));
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("viewBox", "0 0 20 20");
  path.setAttribute("d", d);
  drawing.append(path);
  return drawing;
};

/** A button that is an icon, with its name for those who cannot see it, or do not know it. */
export const addButton = (parent, d, name, properties) => {
  const button = add(parent, "button", "icon-button", { type: "button", ariaLabel: name, title: name, ...properties });
  button.append(icon(d));
  return button;
};
