//! The widget is embedded from `dist/`: when that changes, so does the relay.

fn main() {
    println!("cargo::rerun-if-changed=../dist");
}
