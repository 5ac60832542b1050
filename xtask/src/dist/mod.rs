//! Builds what ships to browsers into `dist/`: the only place that does. The relay embeds that directory.
//! A visitor loads `web1on1.js`; it names the glue, wasm and styles, whose names carry their content's hash.

mod inputs;
mod loader;
mod manifest;
mod minify;
mod names;
mod shipped;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::steps;
use crate::tools::{self, BuildTools, Node};
use crate::workspace::Workspace;
use inputs::Inputs;
use loader::Assets;
pub(crate) use manifest::Manifest;
use minify::Minify;
use shipped::Shipped;

/// The cargo profile that trades everything for bytes.
const PROFILE: &str = "wasm";

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
        cargo.env("CARGO_ENCODED_RUSTFLAGS", without_paths(workspace));
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
                let (shipped, assets) = put_together(&inputs, &minify, &work)?;
                let manifest = Manifest::new(fingerprint, minify.is_on(), assets, shipped.sizes());
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

/// Flags that keep this machine's directories out of the panic messages that ship.
fn without_paths(workspace: &Workspace) -> OsString {
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home);
    let directories = [Some((workspace.root.clone(), ".")), cargo_home.map(|home| (home, "cargo"))];
    let mut flags = OsString::new();
    for (directory, name) in directories.into_iter().flatten() {
        if !flags.is_empty() {
            flags.push("\x1f");
        }
        flags.push("--remap-path-prefix=");
        flags.push(directory);
        flags.push("=");
        flags.push(name);
    }
    flags
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
    let (glue, wasm) = (work.join("widget.js"), work.join("widget_bg.wasm"));
    let (short_glue, short_wasm) = names::shorten(&std::fs::read_to_string(&glue)?, &std::fs::read(&wasm)?);
    std::fs::write(&glue, short_glue)?;
    Ok(std::fs::write(&wasm, short_wasm)?)
}

fn put_together(inputs: &Inputs, minify: &Minify, work: &Path) -> Result<(Shipped, Assets)> {
    let mut shipped = Shipped::default();
    let assets = Assets {
        glue: shipped.add_hashed("widget.js", minify.glue(&work.join("widget.js"))?),
        wasm: shipped.add_hashed("widget.wasm", minify.wasm(&work.join("widget_bg.wasm"))?),
        css: shipped.add_hashed("widget.css", minify.source(&inputs.static_file("widget.css")?)?),
        base: format!("/{}", shipped::ASSETS),
    };
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
    std::fs::write(&path, loader::with_assets(&loader, &assets).context("static/loader.js")?)?;
    shipped.add("web1on1.js", minify.source(&path)?);

    for (name, content) in inputs.static_files() {
        let content = match name.rsplit('.').next() {
            _ if matches!(name, "loader.js" | "widget.css") => continue,
            Some("js" | "css") => minify.source(&inputs.static_file(name)?)?,
            _ => content.to_owned(),
        };
        shipped.add(name, content);
    }
    Ok((shipped, assets))
}
