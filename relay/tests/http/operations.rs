//! What an operator and a balancer ask, and what browsers insist on.

use crate::asking::Relay;
use axum::{
    body::Body,
    http::{Method, Request},
};

#[tokio::test]
async fn it_is_ready_until_it_is_told_to_stop() {
    let relay = Relay::start().await;
    assert_eq!(relay.anonymous().get("/healthz").await.status, 200);
    assert_eq!(relay.anonymous().get("/readyz").await.status, 200);

    relay.app.draining.cancel();

    assert_eq!(relay.anonymous().get("/healthz").await.status, 200);
    let stopping = relay.anonymous().get("/readyz").await;
    assert_eq!(stopping.error(), (503, "unavailable", None));
    assert_eq!(stopping.header("retry-after"), "1");
}

#[tokio::test]
async fn metrics_are_counted_by_route_and_not_by_address() {
    let relay = Relay::start().await;
    relay.admin().get(&format!("/v2/organizations/{}", relay.demo().await)).await;
    let page = relay.app.metrics.render(&relay.app.store.counters(), relay.app.store.commit_times());
    let labels = "route=\"/v2/organizations/{organization}\",method=\"GET\",status=\"200\"";
    assert!(page.contains(&format!("relay_http_requests_total{{{labels}}} 1\n")), "{page}");
    assert_eq!(
        relay.anonymous().get("/metrics").await.header("content-type").split(';').next(),
        Some("text/plain")
    );
}

#[tokio::test]
async fn a_page_of_any_origin_may_ask_with_a_token() {
    let relay = Relay::start().await;
    let preflight = Request::builder()
        .method(Method::OPTIONS)
        .uri("/v2/conversations")
        .header("origin", "https://tools.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type,idempotency-key");
    let reply = relay.anonymous().send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert!(reply.header("access-control-allow-headers").contains("idempotency-key"));
    assert_eq!(relay.anonymous().get("/healthz").await.header("x-content-type-options"), "nosniff");
}
