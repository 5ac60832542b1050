//! `/v2/events`: everything that happens in an organization, for one agent or program. The reader's
//! cursor is all the state there is.

use super::{
    Place,
    end::{self, End, Refusal},
    lane::{self, Incoming, Lane, Lost},
};
use crate::{
    app::App,
    auth::{self, Agent, Asking},
    bus::Subscription,
    metrics::{Counter, Gauge},
    model::Organization,
    presence::{Presence, Seat},
    store::Scope,
};
use axum::{
    extract::{State, WebSocketUpgrade},
    http::HeaderMap,
    response::Response,
};
use shared::{
    Error, ErrorCode, OrganizationId, limits,
    wire::{self, AgentFrame, StreamFrame},
};
use std::time::Duration;
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

/// How often the relay says something.
const PING: Duration = Duration::from_millis(limits::PING.0);

pub(super) async fn upgrade(
    State(app): State<App>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let bearer = auth::bearer(&headers).map(str::to_owned);
    lane::configure(upgrade, &app).on_upgrade(move |socket| async move {
        let _place = Place::new(&app, Gauge::AgentSockets);
        serve(Lane::new(socket, &app), bearer, &app).await;
    })
}

async fn serve(mut lane: Lane, bearer: Option<String>, app: &App) {
    let end = match Stream::greet(&mut lane, bearer, app).await {
        Ok(mut stream) => stream.run(&mut lane).await,
        Err(end) => end,
    };
    match end {
        End::Closed(Refusal { error, retry_after }) => {
            app.metrics.error(error.code);
            let code = error.code.close_code();
            lane.close(wire::encode(&StreamFrame::Error { error, retry_after }), code).await;
        }
        End::Lost(lost) => lane.abandon(lost).await,
    }
}

struct Stream<'a> {
    app: &'a App,
    token: String,
    /// A user or a token is another than before.
    changes: watch::Receiver<()>,
    door: CancellationToken,
    organization: OrganizationId,
    subscription: Subscription<OrganizationId>,
    /// The last event handed over.
    cursor: u64,
    /// The newest event known.
    head: u64,
    ping_at: Instant,
    missed_pings: u32,
    /// Visitors see that its user is there.
    _seat: Seat,
}

impl<'a> Stream<'a> {
    /// The first frame, within its time, from somebody with a token.
    async fn greet(lane: &mut Lane, bearer: Option<String>, app: &'a App) -> Result<Self, End> {
        let within = Duration::from_millis(limits::GREETING.0);
        let AgentFrame::Hello { token, organization, cursor } = lane.greeting(within, app).await? else {
            return Err(Error::new(ErrorCode::BadRequest, "the first frame must be 'hello'").into());
        };
        let token =
            bearer.or(token).ok_or_else(|| Error::new(ErrorCode::Unauthorized, "a token is missing"))?;
        // Before the look: whatever changes after it is told.
        let mut changes = app.tokens.changes();
        changes.mark_unchanged();
        let agent = Agent::from_token(app, &token, Asking::default()).await?;
        let organization = agent.organization(organization)?;
        let door = app.doors.of(organization);
        app.store.read(move |read| read.get::<Organization>(Scope::All, organization)).await?;
        // In this order: what is stored after the head was read is told by the subscription.
        let subscription = app.bus.subscribe_organization(organization);
        let head = app.store.read(|read| read.cursor()).await?;
        let cursor = cursor.unwrap_or(head);
        if cursor > head {
            let message = format!("cursor {cursor} lies ahead; the newest event is {head}");
            return Err(Error::invalid("cursor", message).into());
        }
        let welcome = StreamFrame::Welcome { organization, cursor, now: app.now() };
        lane.feed(wire::encode(&welcome).into()).await?;
        let ping_at = Instant::now() + PING;
        Ok(Self {
            app,
            token,
            changes,
            door,
            organization,
            subscription,
            cursor,
            head,
            ping_at,
            missed_pings: 0,
            _seat: Presence::enter(app, organization, &agent.user),
        })
    }

    async fn run(&mut self, lane: &mut Lane) -> End {
        loop {
            if let Err(end) = self.step(lane).await {
                return end;
            }
        }
    }

    /// Hands over what there is, then waits for more.
    async fn step(&mut self, lane: &mut Lane) -> Result<(), End> {
        // First: who was typing has said it by then.
        for frame in self.subscription.whispers() {
            lane.feed(frame).await?;
        }
        while self.cursor < self.head {
            let most = self.app.settings.limits.socket_queue_frames;
            let events = self.app.store.organization_events(self.organization, self.cursor, most).await?;
            let Some((newest, _)) = events.last() else {
                // The newest entries belong to another organization: cursors are shared by all.
                self.cursor = self.head;
                break;
            };
            self.cursor = *newest;
            self.app.metrics.add(Counter::FramesSent, events.len() as u64);
            for (_, frame) in events {
                lane.feed(frame).await?;
            }
            lane.flush().await?;
        }
        lane.flush().await?;
        tokio::select! {
            () = self.subscription.changed() => self.head = self.head.max(self.subscription.cursor()),
            incoming = lane.receive() => self.take_incoming(incoming)?,
            Ok(()) = self.changes.changed() => self.check_token().await?,
            () = self.door.cancelled() => return Err(self.end()),
            () = tokio::time::sleep_until(self.ping_at) => self.ping(lane).await?,
        }
        Ok(())
    }

    /// Whether its holder may still listen.
    async fn check_token(&self) -> Result<(), End> {
        Agent::from_token(self.app, &self.token, Asking::default())
            .await?
            .organization(Some(self.organization))?;
        Ok(())
    }

    fn end(&self) -> End {
        if self.app.draining.is_cancelled() {
            return end::stopping().into();
        }
        Error::not_found("organization", self.organization).into()
    }

    fn take_incoming(&mut self, incoming: Incoming) -> Result<(), End> {
        match incoming {
            Incoming::Text(text) => match lane::decode(&text)? {
                AgentFrame::Pong {} => {
                    self.missed_pings = 0;
                    Ok(())
                }
                AgentFrame::Hello { .. } => {
                    Err(Error::new(ErrorCode::BadRequest, "'hello' was said before").into())
                }
            },
            Incoming::Foreign(error) => Err(error.into()),
            Incoming::Gone => Err(Lost::Gone.into()),
        }
    }

    async fn ping(&mut self, lane: &mut Lane) -> Result<(), End> {
        if self.missed_pings >= limits::MISSED_PINGS {
            let error = Error::new(ErrorCode::Unavailable, "two pings were not answered");
            return Err(Refusal { error, retry_after: Some(0) }.into());
        }
        // Tokens also expire, and are revoked from the shell.
        self.check_token().await?;
        self.missed_pings += 1;
        self.ping_at = Instant::now() + PING;
        let frame = StreamFrame::Ping { cursor: self.cursor };
        lane.feed(wire::encode(&frame).into()).await?;
        Ok(())
    }
}
