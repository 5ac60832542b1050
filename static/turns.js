// The two buttons that lead to the one before and to the next.
import { addButton } from "./elements.js";

const BACK = "M12 4.5 6.5 10l5.5 5.5";
const FORTH = "M8 4.5 13.5 10 8 15.5";

export const addTurns = (parent, { say }, turn) => {
  const back = addButton(parent, BACK, say("previous"), { onclick: () => turn(-1) });
  const forth = addButton(parent, FORTH, say("next"), { onclick: () => turn(1) });
  back.className = "turn";
  forth.className = "turn forth";
  return [back, forth];
};
