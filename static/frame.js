// The script of `frame.html`: the same release as `page.js`, and the same code.
import { serve } from "./page.js";

serve();
