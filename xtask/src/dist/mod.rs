//! Builds what ships to browsers into `dist/`: the only place that does. The relay embeds that directory.
//! A visitor loads `web1on1.js`; it names what follows, whose names carry a hash of their contents.

mod columns;
mod glue;
mod inputs;
mod manifest;
mod minify;
mod names;
mod release;
mod shipped;
mod styles;
mod traps;
mod words;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::steps;
use crate::tools::{self, BuildTools, Node};
use crate::workspace::Workspace;
use inputs::Inputs;
pub(crate) use manifest::Manifest;
use minify::Minify;
use release::Release;
use shipped::Shipped;

/// The cargo profile that trades everything for bytes.
const PROFILE: &str = "wasm";

/// A panic's message, with all that formats it, is a tenth of the wasm. To go without it the standard library must be
/// built so, too, which stable compilers only do when told that it is meant (`RUSTC_BOOTSTRAP`).
const STANDARD_LIBRARY: &[&str] = &["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// Without messages nobody is told where it was or what a value looked like, and addresses below 1 MiB are a byte shorter: the
/// stack, 1 MiB by default, stands before the data. The deepest that it gets is a JSON text of 128 levels.
const FLAGS: &[&str] = &[
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    "-Clink-arg=-zstack-size=131072",
];

/// The scripts of `static/` that a page runs as they are. The others are modules of a release.
const SCRIPTS: &[&str] = &["loader.js", "demo.js", "docs.js"];

/// The modules of a release that something asks for by name; a minified build bundles what they import.
const ENTRIES: &[&str] = &["page.js", "engine.js", "later.js", "flex.js"];

/// The widget's style sheet: of a release, too.
const STYLES: &str = "widget.css";

/// Data that a module fetches when it is needed.
const DATA: &str = "emoji/";

/// A visitor's frame imports the page's module: one copy of the code they share.
const FRAME: &str = "frame.js";

pub(crate) fn build(workspace: &Workspace) -> Result<Manifest> {
    let target = tools::wasm_target(workspace)?;
    let wasm_bindgen = tools::wasm_bindgen(workspace)?;
    let node = Node::find();
    let minify = match &node {
        Ok(node) => Minify::With(BuildTools::ensure(node)?),
        Err(_) => Minify::Without,
    };

    steps::step("compiling the widget", || {
        let mut cargo = workspace.cargo();
        cargo.args(["build", "--package", "widget", "--lib", "--target", target, "--profile", PROFILE]);
        cargo.args(STANDARD_LIBRARY).env("RUSTC_BOOTSTRAP", "1");
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(workspace)?);
        steps::run(&mut cargo)
    })?;
    let wasm = workspace.target.join(target).join(PROFILE).join("widget.wasm");

    let inputs = Inputs::read(&workspace.root.join("static"), &wasm)?;
    let fingerprint = inputs.fingerprint(wasm_bindgen.version(), &minify.version());
    let manifest = match Manifest::of_complete(&workspace.dist(), &fingerprint) {
        Some(manifest) => {
            steps::say("==> dist/ is up to date");
            manifest
        }
        None => {
            let wasm_bindgen = wasm_bindgen.ensure(workspace)?;
            steps::step("putting together dist/", || {
                let work = workspace.target.join("dist");
                bind(&wasm_bindgen, &wasm, &work)?;
                let (shipped, release) = put_together(&inputs, &minify, &work)?;
                let manifest = Manifest::new(fingerprint, minify.is_on(), release, shipped.sizes());
                shipped.replace(&workspace.dist(), &manifest)?;
                Ok(manifest)
            })?
        }
    };
    if let Err(reason) = node {
        steps::say(format!(
            "note: {reason:#}, so the wasm is not size-optimized and scripts are not minified"
        ));
    }
    Ok(manifest)
}

/// Panics that trap at once, and flags that keep this machine's directories out of what ships: also the toolchain's, which
/// rustc names because the standard library is built from its source.
fn flags(workspace: &Workspace) -> Result<OsString> {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
    let mut rustc = Command::new("rustc");
    let sysroot = steps::output(rustc.current_dir(&workspace.root).args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib/src/rust");
    let directories = [
        Some((workspace.root.clone(), ".")),
        cargo_home.map(|home| (home, "cargo")),
        Some((library, "rust")),
    ];
    let mut flags = OsString::from(FLAGS.join("\x1f"));
    for (directory, name) in directories.into_iter().flatten() {
        flags.push("\x1f--remap-path-prefix=");
        flags.push(directory);
        flags.push("=");
        flags.push(name);
    }
    Ok(flags)
}

/// Runs wasm-bindgen into an empty directory: `widget.js`, `widget_bg.wasm` and perhaps `snippets/`.
fn bind(wasm_bindgen: &Path, wasm: &Path, work: &Path) -> Result<()> {
    if work.exists() {
        std::fs::remove_dir_all(work).with_context(|| work.display().to_string())?;
    }
    let mut command = Command::new(wasm_bindgen);
    command.args(["--target", "web", "--no-typescript", "--out-name", "widget", "--out-dir"]).arg(work);
    // The loader fetches the wasm beside the glue and hands it over: a path inside the glue would be dead weight.
    command.arg("--omit-default-module-path");
    command.args(["--remove-name-section", "--remove-producers-section"]).arg(wasm);
    steps::run(&mut command)?;
    let path = work.join("widget.js");
    let glue = glue::trim(&std::fs::read_to_string(&path)?)?;
    Ok(std::fs::write(&path, traps::catch(&glue)?)?)
}

fn put_together(inputs: &Inputs, minify: &Minify, work: &Path) -> Result<(Shipped, Release)> {
    let mut shipped = Shipped::default();
    let (wasm, glue) = minify.widget(work)?;
    let mut files = vec![
        ("widget.js".to_owned(), glue),
        ("widget.bin".to_owned(), columns::pack(&wasm)?),
        (STYLES.to_owned(), styles::shorten(&style(inputs, minify, work, STYLES)?).into_bytes()),
    ];
    for name in inputs.static_files().map(|(name, _)| name).filter(|name| is_module(name)) {
        let path = inputs.static_file(name)?;
        if name == FRAME {
            files.push((name.to_owned(), minify.script(&path)?));
        } else if ENTRIES.contains(&name) || !minify.is_on() {
            files.push((name.to_owned(), minify.bundle(&path, work)?));
        }
    }
    files.extend(words::complete(inputs.static_files())?);
    for (name, content) in inputs.static_files().filter(|(name, _)| name.starts_with(DATA)) {
        let data: serde_json::Value = serde_json::from_slice(content).with_context(|| name.to_owned())?;
        files.push((name.to_owned(), data.to_string().into_bytes()));
    }
    let release = Release::of(&files);
    release.ship(files, &mut shipped);
    if !minify.is_on() {
        // Unbundled glue imports its snippets by relative path; their directories carry a hash already.
        for (name, content) in inputs::files_below(work)? {
            if name.starts_with("snippets/") {
                shipped.add(&format!("{}{name}", shipped::ASSETS), content);
            }
        }
    }

    let loader = std::fs::read_to_string(inputs.static_file("loader.js")?).context("static/loader.js")?;
    let path = work.join("web1on1.js");
    std::fs::write(&path, release.fill_loader(&loader).context("static/loader.js")?)?;
    shipped.add("web1on1.js", minify.script(&path)?);

    for (name, content) in inputs.static_files() {
        let content = match name.rsplit('.').next() {
            _ if matches!(name, "loader.js" | STYLES) || is_module(name) || words::is(name) => continue,
            _ if name.starts_with(DATA) || styles::is_part(name) => continue,
            Some("css") => style(inputs, minify, work, name)?.into_bytes(),
            Some("js") => minify.script(&inputs.static_file(name)?)?,
            Some("html") => release.fill(&String::from_utf8_lossy(content)).into_bytes(),
            _ => content.to_owned(),
        };
        shipped.add(name, content);
    }
    Ok((shipped, release))
}

fn style(inputs: &Inputs, minify: &Minify, work: &Path, name: &str) -> Result<String> {
    let path = work.join(name);
    std::fs::write(&path, styles::joined(inputs, name)?)?;
    minify.styles(&path)
}

fn is_module(name: &str) -> bool {
    name.ends_with(".js") && !SCRIPTS.contains(&name)
}
