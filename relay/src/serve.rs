//! The relay while it runs: accepts connections, and on a signal lets everybody finish. axum's own server
//! has no time limit for headers and forgets connections that became sockets.

use crate::{app::App, delays::Delays, erasure, http, queues, retention, webhooks};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    future::Future,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// Bytes of a request's headers. The longest token and a page's cookies fit in.
const HEADER_BYTES: usize = 32 * 1024;
/// How long a connection that has not asked anything may still do so once the relay drains: its request may be
/// on the way. Short, since browsers keep such connections in stock.
const FIRST_REQUEST: Duration = Duration::from_secs(1);
/// A pause when the system has no more file descriptors: they come back when somebody leaves.
const NO_DESCRIPTORS: Duration = Duration::from_millis(50);

/// Serves until `stop`, then drains: `/readyz` says no, sockets end, requests under way are answered. Returns
/// when that is done or its time is up, with the store closed.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()>) {
    let webhooks = tokio::spawn(webhooks::run(app.clone()));
    let server = Server { router: http::router(app.clone()), connections: TaskTracker::new(), app };
    tokio::select! {
        () = stop => {}
        () = server.accept_all(&listener) => {}
        () = server.app.rates.sweep() => {}
        () = server.app.presence.run() => {}
        () = queues::run(&server.app) => {}
        () = server.app.files.sweep(&server.app) => {}
        () = Delays::new(server.app.clone()).run() => {}
        () = erasure::run(&server.app) => {}
        () = retention::run(&server.app) => {}
    }
    tracing::info!("stopping");
    server.drain(&listener, webhooks).await;
}

struct Server {
    router: Router,
    /// A connection stays in here until it is closed or has become a socket.
    connections: TaskTracker,
    app: App,
}

impl Server {
    async fn accept_all(&self, listener: &TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.accept(stream, peer),
                Err(error) if is_about_the_connection(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be accepted");
                    sleep(NO_DESCRIPTORS).await;
                }
            }
        }
    }

    fn accept(&self, stream: TcpStream, peer: SocketAddr) {
        // A message is one small write: waiting for more would only delay it.
        let _ = stream.set_nodelay(true);
        let router = self.router.clone();
        let asked = Arc::new(AtomicBool::new(false));
        let has_asked = asked.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = router.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answer.await.unwrap_or_else(|never| match never {})) }
        });
        let draining = self.app.draining.clone();
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(self.app.settings.limits.header_seconds))
            .max_buf_size(HEADER_BYTES)
            // While it drains, a new connection may still ask one thing: `/readyz`.
            .keep_alive(!draining.is_cancelled())
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        self.connections.spawn(async move {
            let mut connection = std::pin::pin!(connection);
            let is_new = draining.is_cancelled();
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = draining.cancelled(), if !is_new => {
                    // hyper would close a connection that has not asked yet, whatever is on its way.
                    let grace = if has_asked.load(Ordering::Relaxed) { Duration::ZERO } else { FIRST_REQUEST };
                    match timeout(grace, connection.as_mut()).await {
                        Ok(ended) => ended,
                        Err(_) => {
                            connection.as_mut().graceful_shutdown();
                            connection.await
                        }
                    }
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%peer, %error, "a connection ended early");
            }
        });
    }

    async fn drain(self, listener: &TcpListener, webhooks: JoinHandle<()>) {
        let app = &self.app;
        let deadline = Instant::now() + Duration::from_secs(app.settings.limits.shutdown_seconds);
        app.draining.cancel();
        self.connections.close();
        app.sockets.close();
        let finished = async {
            self.connections.wait().await;
            app.sockets.wait().await;
            // A panic in there has been reported by itself.
            let _ = webhooks.await;
        };
        tokio::select! {
            done = timeout_at(deadline, finished) => if done.is_err() {
                let (connections, sockets) = (self.connections.len(), app.sockets.len());
                tracing::warn!(connections, sockets, "some did not finish in time");
            },
            () = self.accept_all(listener) => {}
        }
        app.store.close().await;
    }
}

/// It was gone before it was accepted; the listener is well.
fn is_about_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}
