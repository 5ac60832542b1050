// A test that ends: whoever waits for what never comes is told which test it was.
import { test as base } from "node:test";

/** Milliseconds. Many times what any of them takes: nothing is learnt from a test that hits it but its name. */
const PATIENCE = 60_000;

export const test = (name, body) => base(name, { timeout: PATIENCE }, body);
