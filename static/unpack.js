// The widget's wasm from its columns: `xtask/src/dist/columns.rs` takes it apart, and says why and how.

// Kinds of operands. Those before PAIR are one number.
const DECLARED = 1, BLOCK = 5, PAIR = 9, LABELS = 10, OFFSET = 11, SINGLE = 12, DOUBLE = 13, PREFIXED = 14, CONSTANT = 15;

const END = 0x0b;

/** The first instruction behind a prefix has its operands at this place of the table. */
const BEHIND = 0xe0;

/** A function's length gets the five bytes that it may take. */
const PADDED = 5;

/** The module in `bytes`. Plain loops: a quarter of a million of bytes go through here before the visitor can write. */
export const assemble = (bytes) => {
  let at = 0;
  /** A number (LEB128) at `at`. */
  const read = () => {
    for (let number = 0, shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      number |= (byte & 127) << shift;
      if (byte < 128) return number;
    }
  };
  const wasm = new Uint8Array(read());
  const before = read();
  let functions = read();
  const table = bytes.subarray(at, (at += 256));
  const columns = Int32Array.from({ length: 2 + CONSTANT + 256 }, read).map((length) => (at += length) - length);
  const [around, instructions] = columns;
  const operands = columns.subarray(2);
  let next = instructions;
  let to = before;

  /** Moves one number from its column, and more behind it. */
  const move = (column, count) => {
    let from = operands[column];
    do while ((wasm[to++] = bytes[from++]) > 127);
    while (--count > 0);
    operands[column] = from;
  };
  /** The number that comes next in a column. */
  const peek = (column) => {
    at = operands[column];
    return read();
  };

  wasm.set(bytes.subarray(around, around + before));
  while (functions--) {
    const start = (to += PADDED);
    move(DECLARED, 1 + 2 * peek(DECLARED));
    for (let depth = 1; depth; ) {
      const instruction = (wasm[to++] = bytes[next++]);
      let kind = table[instruction];
      if (kind == PREFIXED) kind = table[BEHIND + (wasm[to++] = bytes[next++])];
      if (kind == CONSTANT) move(kind + bytes[next], 1);
      else if (kind == LABELS) move(kind, 2 + peek(kind));
      else if (kind == SINGLE) for (let end = to + 4; to < end; ) wasm[to++] = bytes[operands[kind]++];
      else if (kind == DOUBLE) for (let end = to + 8; to < end; ) wasm[to++] = bytes[operands[kind]++];
      else if (kind) {
        if (kind == BLOCK) depth++;
        if (kind == OFFSET) wasm[to++] = 0; // no hint of alignment
        move(kind, kind == PAIR ? 2 : 1);
      } else if (instruction == END) depth--;
    }
    for (let place = start - PADDED, length = to - start; place < start; length >>= 7) wasm[place++] = (length & 127) | (place < start && 128);
  }
  wasm.set(bytes.subarray(around + before, instructions), to);
  return wasm;
};

/** The module of an answer. `trunk serve` has it as it was built. */
export const unpack = async (answer) => {
  const response = await answer;
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes[0] ? assemble(bytes) : bytes;
};
