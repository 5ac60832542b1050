//! The widget's wasm in columns: what is alike stands together, as WOFF2 has it for fonts, and brotli makes a tenth less of
//! it. `static/unpack.js` puts it together again; the table of operands goes with the file.
//!
//! Left out is what follows from the rest (the lengths of the functions) and what means nothing (hints of alignment).

use std::ops::Range;

use anyhow::{Context, Result, bail, ensure};

/// "\0asm" and version 1. What is in columns begins with another byte.
const HEAD: &[u8] = b"\0asm\x01\0\0\0";

/// The section with the functions' instructions.
const CODE: u8 = 10;

/// Lengths that are left out get as many bytes as any may take (WebAssembly core 1.0, 5.2.2).
const PADDED: usize = 5;

const BLOCK: u8 = 0x02;
const IF: u8 = 0x04;
const END: u8 = 0x0b;
const PREFIX: u8 = 0xfc;

/// Instructions behind the prefix have their places in the table from here on, where no other instruction is.
const PREFIXED: u8 = 0xe0;

/// What an instruction's operands are, and the column for them. The numbers are known to `static/unpack.js`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Operands {
    None,
    /// Not of an instruction: which locals a function has.
    Declared,
    /// Up to here: one number.
    Local,
    Function,
    Label,
    Block,
    Global,
    Wide,
    Other,
    /// Two numbers.
    Pair,
    /// A number, and one more than so many.
    Labels,
    /// A hint of alignment that is left out, and a number.
    Offset,
    /// As they are: four bytes, eight bytes.
    Single,
    Double,
    /// Another instruction: its number stands among the instructions.
    Prefixed,
    /// One number, in a column of its own for each instruction that may come next: a size, an address, a flag.
    Constant,
}

/// Bytes of a column that gets a block of brotli's, with codes of its own: 2 KB less of this widget's 73. Borders around
/// smaller columns cost more than they bring.
const LARGE: usize = 20_000;

/// Columns: those of [`Operands`], then that of constants for each next instruction.
const COLUMNS: usize = Operands::Constant as usize + 256;

fn operands(instruction: u8) -> Result<Operands> {
    Ok(match instruction {
        0x02..=0x04 => Operands::Block,
        0x0c | 0x0d => Operands::Label,
        0x0e => Operands::Labels,
        0x10 => Operands::Function,
        0x11 | 0x1c => Operands::Pair,
        0x20..=0x22 => Operands::Local,
        0x23 | 0x24 => Operands::Global,
        0x25 | 0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => Operands::Other,
        0x28..=0x3e => Operands::Offset,
        0x41 => Operands::Constant,
        0x42 => Operands::Wide,
        0x43 => Operands::Single,
        0x44 => Operands::Double,
        PREFIX => Operands::Prefixed,
        0x00 | 0x01 | 0x05 | 0x0b | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => Operands::None,
        _ => bail!("the wasm has an instruction that is not known here: {instruction:#x}"),
    })
}

/// Behind the prefix: conversions, memory and tables in bulk.
fn prefixed_operands(instruction: u8) -> Result<Operands> {
    Ok(match instruction {
        0x00..=0x07 => Operands::None,
        0x08 | 0x0a | 0x0c | 0x0e => Operands::Pair,
        0x09 | 0x0b | 0x0d | 0x0f..=0x11 => Operands::Other,
        _ => bail!("the wasm has an instruction that is not known here: {PREFIX:#x} {instruction:#x}"),
    })
}

/// Takes a module apart: the length of the module and of what is before its functions, how many functions there are, the table
/// of operands, the length of each column; then what is around the functions, the instructions, the columns.
pub(super) fn pack(wasm: &[u8]) -> Result<Vec<u8>> {
    ensure!(wasm.starts_with(HEAD), "this is no wasm module");
    let mut module = Reader { bytes: wasm, at: HEAD.len() };
    let (mut around, mut before, mut code) = (HEAD.to_vec(), 0, Code::default());
    while module.at < wasm.len() {
        let start = module.at;
        let section = module.byte()?;
        let length = module.number()?;
        let content = module.bytes(length)?;
        if section == CODE {
            code.read(content)?;
            let mut functions = Vec::new();
            put_number(&mut functions, code.functions);
            around.push(CODE);
            put_number(&mut around, functions.len() + code.length);
            around.extend(functions);
            before = around.len();
        } else {
            around.extend_from_slice(&wasm[start..module.at]);
        }
    }

    let mut packed = Vec::new();
    for number in [around.len() + code.length, before, code.functions] {
        put_number(&mut packed, number);
    }
    packed.extend((0..=u8::MAX).map(|place| kind(place) as u8));
    let columns: Vec<_> = [around, code.instructions].into_iter().chain(code.columns).collect();
    for column in &columns {
        put_number(&mut packed, column.len());
    }
    packed.extend(columns.into_iter().flatten());
    Ok(packed)
}

/// Where a large column of what [`pack`] gives begins or ends; nowhere in anything else.
pub(super) fn borders(packed: &[u8]) -> Vec<usize> {
    let columns = columns(packed).unwrap_or_default();
    let large = columns.into_iter().filter(|column| column.len() >= LARGE);
    let mut borders: Vec<_> = large.flat_map(|column| [column.start, column.end]).collect();
    borders.dedup();
    borders
}

fn columns(packed: &[u8]) -> Result<Vec<Range<usize>>> {
    let mut reader = Reader { bytes: packed, at: 0 };
    for _ in 0..3 {
        reader.number()?;
    }
    reader.bytes(256)?;
    let lengths = (0..2 + COLUMNS).map(|_| reader.number()).collect::<Result<Vec<_>>>()?;
    lengths
        .into_iter()
        .map(|length| {
            let start = reader.at;
            reader.bytes(length)?;
            Ok(start..reader.at)
        })
        .collect()
}

/// The table of operands has those behind the prefix as well.
fn kind(place: u8) -> Operands {
    let kind = if (PREFIXED..PREFIX).contains(&place) {
        prefixed_operands(place - PREFIXED)
    } else {
        operands(place)
    };
    kind.unwrap_or(Operands::None)
}

/// The functions, in columns.
#[derive(Debug)]
struct Code {
    functions: usize,
    /// In bytes, all of them, when they are put together.
    length: usize,
    instructions: Vec<u8>,
    columns: Vec<Vec<u8>>,
}

impl Default for Code {
    fn default() -> Self {
        Self { functions: 0, length: 0, instructions: Vec::new(), columns: vec![Vec::new(); COLUMNS] }
    }
}

impl Code {
    fn read(&mut self, section: &[u8]) -> Result<()> {
        let mut reader = Reader { bytes: section, at: 0 };
        self.functions = reader.number()?;
        for _ in 0..self.functions {
            let length = reader.number()?;
            self.length += PADDED + length;
            self.function(&mut Reader { bytes: reader.bytes(length)?, at: 0 })?;
        }
        Ok(())
    }

    fn function(&mut self, body: &mut Reader<'_>) -> Result<()> {
        let groups = self.copy(Operands::Declared as usize, body)?;
        for _ in 0..2 * groups {
            self.copy(Operands::Declared as usize, body)?;
        }
        let mut depth = 1;
        while depth > 0 {
            let instruction = body.byte()?;
            self.instructions.push(instruction);
            match instruction {
                BLOCK..=IF => depth += 1,
                END => depth -= 1,
                _ => {}
            }
            let mut operands = operands(instruction)?;
            if operands == Operands::Prefixed {
                let instruction = body.byte()?;
                self.instructions.push(instruction);
                operands = prefixed_operands(instruction)?;
            }
            self.operands(operands, body)?;
        }
        ensure!(body.at == body.bytes.len(), "a function of the wasm goes on behind its end");
        Ok(())
    }

    fn operands(&mut self, operands: Operands, body: &mut Reader<'_>) -> Result<()> {
        let column = operands as usize;
        match operands {
            Operands::None | Operands::Declared | Operands::Prefixed => {}
            Operands::Pair => {
                self.copy(column, body)?;
                self.copy(column, body)?;
            }
            Operands::Labels => {
                let labels = self.copy(column, body)?;
                for _ in 0..=labels {
                    self.copy(column, body)?;
                }
            }
            Operands::Offset => {
                let start = body.at;
                let alignment = body.number()?;
                // From 64 on it says more than alignment.
                ensure!(alignment < 8, "the wasm has more than one memory");
                // One byte is left of it.
                self.length -= body.at - start - 1;
                self.copy(column, body)?;
            }
            Operands::Single => self.columns[column].extend_from_slice(body.bytes(4)?),
            Operands::Double => self.columns[column].extend_from_slice(body.bytes(8)?),
            Operands::Constant => {
                let start = body.at;
                body.number()?;
                let next = *body.bytes.get(body.at).context(ENDS)?;
                self.columns[column + usize::from(next)].extend_from_slice(&body.bytes[start..body.at]);
            }
            Operands::Local
            | Operands::Function
            | Operands::Label
            | Operands::Block
            | Operands::Global
            | Operands::Wide
            | Operands::Other => {
                self.copy(column, body)?;
            }
        }
        Ok(())
    }

    /// Moves a number to its column.
    fn copy(&mut self, column: usize, body: &mut Reader<'_>) -> Result<usize> {
        let start = body.at;
        let number = body.number()?;
        self.columns[column].extend_from_slice(&body.bytes[start..body.at]);
        Ok(number)
    }
}

const ENDS: &str = "the wasm ends in the middle";

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        let byte = *self.bytes.get(self.at).context(ENDS)?;
        self.at += 1;
        Ok(byte)
    }

    fn bytes(&mut self, length: usize) -> Result<&'a [u8]> {
        let bytes = self.at.checked_add(length).and_then(|end| self.bytes.get(self.at..end)).context(ENDS)?;
        self.at += length;
        Ok(bytes)
    }

    /// LEB128. What is signed or wider than a length is right in its bytes alone.
    fn number(&mut self) -> Result<usize> {
        let (mut number, mut shift) = (0_usize, 0_u32);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            shift += 7;
            if byte < 0x80 {
                return Ok(number);
            }
        }
    }
}

fn put_number(into: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::tools::Node;

    /// Every kind of operands; `run` gives a number that depends on all of them.
    const MODULE: &str = r#"(module
        (memory 1) (table 2 funcref) (elem (i32.const 0) $one $two)
        (global $sum (mut f64) (f64.const 0))
        (data $text "columns")
        (func $one (result i32) i32.const 300)
        (func $two (result i32) i32.const -70000)
        (func $pick (param i32) (result i32)
            block block block
                local.get 0
                br_table 0 1 2 1
            end i32.const 7 return
            end i32.const 8 return
            end i32.const 9)
        (func (export "run") (param $n i32) (result f64)
            (local $i i32) (local $wide i64) (local $f f32)
            (memory.init $text (i32.const 64) (i32.const 0) (i32.const 7))
            (memory.copy (i32.const 200) (i32.const 64) (i32.const 7))
            (memory.fill (i32.const 207) (i32.const 3) (i32.const 2))
            (i64.store offset=4096 align=1 (i32.const 8) (i64.const -1234567890123))
            (local.set $wide (i64.load offset=4096 (i32.const 8)))
            (local.set $f (f32.const 1.5))
            loop $again
                (global.set $sum (f64.add (global.get $sum) (f64.convert_i32_s (call_indirect (result i32) (i32.and (local.get $i) (i32.const 1))))))
                (global.set $sum (f64.add (global.get $sum) (f64.convert_i32_s (call $pick (local.get $i)))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $i) (local.get $n)))
            end
            (f64.add (global.get $sum)
                (f64.add (f64.const 0.125)
                    (f64.add (f64.promote_f32 (local.get $f))
                        (f64.add (f64.convert_i64_s (local.get $wide))
                            (f64.convert_i32_u (i32.trunc_sat_f32_u (select (result f32) (f32.convert_i32_u (i32.load16_u offset=205 (i32.const 0))) (f32.const 2) (memory.size)))))))))
    )"#;

    /// What a browser makes of it, by `static/unpack.js`.
    const RUN: &str = r#"
        import { readFileSync } from "node:fs";
        const [, script, wasm, packed] = process.argv;
        const { unpack } = await import(script);
        const answer = (path) => ({ ok: true, arrayBuffer: async () => new Uint8Array(readFileSync(path)).buffer });
        for (const path of [wasm, packed]) {
            const { instance } = await WebAssembly.instantiate(await unpack(answer(path)));
            console.log([1, 2, 5].map((n) => instance.exports.run(n)).join());
        }"#;

    #[test]
    fn what_was_taken_apart_runs_as_before() {
        let wasm = wat::parse_str(MODULE).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let path = |name| directory.path().join(name);
        std::fs::write(path("wasm"), &wasm).unwrap();
        std::fs::write(path("packed"), pack(&wasm).unwrap()).unwrap();
        let script = concat!("file://", env!("CARGO_MANIFEST_DIR"), "/../static/unpack.js");
        Node::find().unwrap();
        let mut node = Command::new("node");
        node.args(["--input-type=module", "-e", RUN, script]).args([path("wasm"), path("packed")]);
        let ran = crate::steps::output(&mut node).unwrap();
        let (before, after) = ran.trim().split_once('\n').unwrap();
        assert_eq!(before, after);
        assert!(before.contains(','), "{before}");
    }

    #[test]
    fn a_large_column_has_borders() {
        let body = "i32.const 1 drop ".repeat(LARGE / 2);
        let packed = pack(&wat::parse_str(format!("(module (func {body}))")).unwrap()).unwrap();
        let column = |bytes: &[u8]| packed.windows(LARGE).position(|window| window == bytes).unwrap();
        let start = column(&[0x41, 0x1a].repeat(LARGE / 2));
        let end = start + LARGE + 1;
        assert_eq!(borders(&packed), [start, end]);
        assert!(borders(b"\0asm").is_empty());
    }

    #[test]
    fn what_is_not_known_or_cut_short_is_told() {
        let wasm = wat::parse_str("(module (func unreachable))").unwrap();
        pack(&wasm).unwrap();
        assert!(pack(b"PK\x03\x04").unwrap_err().to_string().contains("no wasm"));
        assert!(pack(&wasm[..wasm.len() - 3]).unwrap_err().to_string().contains("ends"));
        let throws = wat::parse_str("(module (tag) (func (throw 0)))").unwrap();
        assert!(pack(&throws).unwrap_err().to_string().contains("0x8"));
    }
}
