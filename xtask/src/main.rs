//! `cargo xtask`: sets up what is missing on this machine, then builds, runs, checks or measures Frontdesk.

mod api;
mod arguments;
mod audit;
mod bench;
mod budget;
mod digest;
mod dist;
mod emoji;
mod golden;
mod layering;
mod lint;
mod relay;
mod steps;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use arguments::{Bench, Command};
use workspace::Workspace;

fn main() -> ExitCode {
    match arguments::parse(std::env::args().skip(1)).and_then(carry_out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            steps::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn carry_out(command: Command) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    match command {
        Command::Help => {
            steps::say(arguments::USAGE);
            Ok(())
        }
        Command::Run(relay_arguments) => relay::run(&workspace, &relay_arguments),
        Command::Build => dist::build(&workspace).map(drop),
        Command::Test(rings) => test::run(&workspace, &rings),
        Command::Lint => lint::run(&workspace),
        Command::Bench(Bench::Widget(arguments)) => bench::widget(&workspace, &arguments),
        Command::Bench(Bench::Thread(arguments)) => bench::thread(&workspace, &arguments),
        Command::Bench(Bench::Relay(load_arguments)) => bench::relay(&workspace, &load_arguments),
        Command::Bench(Bench::Data(data_arguments)) => bench::data(&workspace, &data_arguments),
        Command::Screens(arguments) => test::draw(&workspace, &arguments),
        Command::Emoji => emoji::update(&workspace),
        Command::Audit => audit::run(&workspace),
    }
}
