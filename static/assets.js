// Where the other files of this release are: beside this one, under names of the same form (`page-01234567.js`).

/** The address of `widget.css`, say. */
export const beside = (name) => import.meta.url.replace(/\w+(-\w+)?\.js(?=[?#]|$)/, (_, tag = "") => name.replace(".", tag + "."));
