//! `relay serve`: starts, says where it is, runs until it is told to stop.

use super::say;
use anyhow::{Context, Result};
use relay::{
    app::App,
    config::{LogFormat, Settings},
    serve, start,
};
use std::{
    io::{self, IsTerminal},
    net::SocketAddr,
};
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

pub(super) fn run(settings: Settings) -> Result<()> {
    log_to_stderr(settings.general.log.clone(), settings.general.log_format);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before the relay says that it is there: who hears that may stop it at once.
        let stop = stop_signal().context("signals cannot be heard")?;
        let (app, listener) = start::start(settings).await?;
        announce(&app, listener.local_addr()?).await?;
        serve::serve(app, listener, stop).await;
        Ok(())
    })
}

async fn announce(app: &App, address: SocketAddr) -> Result<()> {
    let settings = &app.settings.general;
    let origin =
        settings.public_url.as_ref().map_or_else(|| format!("http://{address}"), ToString::to_string);
    let mut text = format!("relay {} is ready\n", env!("CARGO_PKG_VERSION"));
    text += &format!("  demo page     {origin}/\n  API           {origin}/v2\n");
    let token = start::admin_token_path(&settings.data_dir);
    if token.exists() {
        text += &format!("  admin token   {}\n", token.display());
    }
    if let Some(organization) = start::demo_organization(app).await? {
        text += &format!("  organization  {} ({})\n", organization.id, organization.name);
    }
    say(text)
}

fn log_to_stderr(targets: Targets, format: LogFormat) {
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_target(false);
    let lines = match format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    tracing_subscriber::registry().with(lines).with(targets).init();
}

/// Listens from now on; what it returns ends with the first signal.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
