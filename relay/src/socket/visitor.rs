//! `/v2/widget`: the socket of one visitor.

use super::{
    Place,
    admission::{Admitted, Visit, admit},
    attachment,
    end::{self, End, Refusal},
    lane::{self, Incoming, Lane, Lost},
    listening::Listening,
};
use crate::{
    app::App,
    http::origin,
    metrics::{Counter, Gauge},
    model::Identity,
    store::{Append, Author, Read, Standing, StoreError, Target, TokenHash, Window},
};
use axum::{
    extract::{ConnectInfo, State, WebSocketUpgrade, ws::Utf8Bytes},
    http::HeaderMap,
    response::Response,
};
use shared::{
    ClientKey, ConversationId, Error, Millis, OrganizationId, Seq, limits,
    peer::{Greeting, Send, Session, SessionOutput},
    wire::{self, ConversationView, Receipt, RelayFrame, StreamFrame, VisitorFrame},
};
use std::{
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// Frames taken from the socket before answers are flushed.
const RECEIVE_BATCH: u64 = 32;

pub(super) async fn upgrade(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let visit = Visit::new(&headers, peer.ip());
    let own = origin::own(&app, &headers).into_boxed_str();
    lane::configure(upgrade, &app).on_upgrade(move |socket| async move {
        let _place = Place::new(&app, Gauge::VisitorSockets);
        serve(Lane::new(socket, &app), visit, own, &app).await;
    })
}

async fn serve(mut lane: Lane, visit: Visit, own: Box<str>, app: &App) {
    let Admitted { admission, target, token, newcomer } = match greet(&mut lane, &visit, app).await {
        Ok(admitted) => admitted,
        Err(end) => return finish(lane, end, app).await,
    };
    let session = Session::new(admission, app.now());
    Driver {
        lane,
        session,
        target,
        token,
        newcomer,
        address: visit.address,
        own,
        app,
        begins: false,
        listening: Listening::Nowhere,
        answers: None,
    }
    .run()
    .await;
}

/// The first frame, from somebody who may come in.
async fn greet(lane: &mut Lane, visit: &Visit, app: &App) -> Result<Admitted, End> {
    let now = app.now();
    let greeting = Greeting::new(now);
    let first = lane.greeting(Duration::from_millis(greeting.deadline().since(now).0), app).await?;
    let hello = greeting.handle_frame(first)?;
    // In a box: every socket would keep room for it as long as it lives.
    Ok(Box::pin(admit(&hello, visit, app)).await?)
}

async fn finish(lane: Lane, end: End, app: &App) {
    match end {
        End::Closed(Refusal { error, retry_after }) => {
            app.metrics.error(error.code);
            let code = error.code.close_code();
            lane.close(wire::encode(&RelayFrame::Error { error, retry_after }), code).await;
        }
        End::Lost(lost) => {
            if lost == Lost::Slow {
                app.metrics.add(Counter::SlowReaders, 1);
            }
            lane.abandon(lost).await;
        }
    }
}

/// The store's answer to one send.
type Answer = (ClientKey, Result<Receipt, Error>);

/// Where the writer puts its answers. No more than the sends under way, which the session bounds. Not a channel: the
/// smallest block of one would be 5 KB for every visitor who has said something once.
#[derive(Default)]
struct Answers {
    waiting: Mutex<Vec<Answer>>,
    arrived: Notify,
}

impl Answers {
    fn put(&self, answer: Answer) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
        self.arrived.notify_one();
    }

    fn take(&self) -> Vec<Answer> {
        std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Driver<'a> {
    app: &'a App,
    lane: Lane,
    session: Session<Utf8Bytes>,
    target: Target,
    token: TokenHash,
    newcomer: Option<Box<Identity>>,
    address: IpAddr,
    /// What the relay's addresses begin with for this visitor.
    own: Box<str>,
    /// A conversation was asked for; what is said before it is there belongs to the same one.
    begins: bool,
    listening: Listening,
    /// Made with the first send: most sockets never send.
    answers: Option<Arc<Answers>>,
}

impl Driver<'_> {
    async fn run(mut self) {
        let app = self.app;
        self.enter_lobby();
        // As long as the socket lives: made anew for each wait they would take locks that all sockets share.
        let door = app.doors.of(self.organization());
        let mut closing = pin!(door.cancelled());
        let mut ping_at = self.session.poll_timeout();
        let mut ping = pin!(sleep_until(instant(ping_at, app.now())));
        let end = loop {
            if let Err(end) = self.carry_out().await {
                break end;
            }
            if self.session.poll_timeout() != ping_at {
                ping_at = self.session.poll_timeout();
                ping.as_mut().reset(instant(ping_at, app.now()));
            }
            if let Err(lost) = self.wait(closing.as_mut(), ping.as_mut()).await {
                break End::Lost(lost);
            }
        };
        finish(self.lane, end, app).await;
    }

    const fn organization(&self) -> OrganizationId {
        let (Target::Conversation { organization, .. } | Target::Visitor { organization, .. }) = self.target;
        organization
    }

    /// Does everything that the session wants done, then flushes.
    async fn carry_out(&mut self) -> Result<(), End> {
        while let Some(output) = self.session.poll_output() {
            match output {
                SessionOutput::Frame(frame) => self.lane.feed(wire::encode(&frame).into()).await?,
                SessionOutput::Deliver(frame) => self.lane.feed(frame).await?,
                SessionOutput::Typing(conversation) => self.whisper_typing(conversation),
                SessionOutput::MarkRead(conversation, seq) => self.mark_read(conversation, seq).await?,
                SessionOutput::Store(send) => self.store(*send).await,
                SessionOutput::Read { after } => self.read(after).await?,
                SessionOutput::ReadHistory { before } => self.read_history(before).await?,
                SessionOutput::Look(conversation) => self.look(conversation).await?,
                SessionOutput::Subscribe(conversation) => self.subscribe(conversation).await?,
                SessionOutput::Close { error, retry_after } => {
                    return Err(End::Closed(Refusal { error, retry_after }));
                }
            }
        }
        Ok(self.lane.flush().await?)
    }

    /// Waits for whatever comes first, and for what has come with it.
    async fn wait(
        &mut self,
        closing: impl Future<Output = ()>,
        ping: impl Future<Output = ()>,
    ) -> Result<(), Lost> {
        let wants_input = self.session.wants_input();
        tokio::select! {
            () = answered(self.answers.as_deref()) => self.take_answers(),
            () = self.listening.changed() => self.take_news(),
            incoming = self.lane.receive(), if wants_input => return self.take_incoming(incoming),
            () = closing => self.take_end(),
            () = ping => self.session.handle_timeout(self.app.now()),
        }
        Ok(())
    }

    fn take_news(&mut self) {
        let news = self.listening.news();
        if let Listening::Conversation(subscription) = &mut self.listening {
            if subscription.has_ended() {
                return self.session.handle_erased(end::retry_hint());
            }
            let (whispers, head) = (subscription.whispers(), subscription.head());
            // First: who was typing has said it by then.
            whispers.into_iter().for_each(|frame| self.session.handle_whisper(frame));
            // An entry of this visitor's and its acknowledgement leave in one write.
            self.take_answers();
            self.session.handle_head(head);
        }
        if news.state {
            self.session.handle_change();
        } else if news.presence {
            self.take_state(self.session.state().clone());
        }
    }

    /// Tells the visitor how things stand, with who is there.
    fn take_state(&mut self, mut state: ConversationView) {
        self.app.presence.look(self.organization(), &mut state);
        self.session.handle_state(state);
    }

    /// Somebody who has said nothing yet still wants to know whether anybody is there.
    fn enter_lobby(&mut self) {
        if let Target::Visitor { organization, .. } = self.target {
            self.listening = Listening::Lobby(self.app.bus.subscribe_lobby(organization));
            // Whoever came before is told nowhere else.
            self.take_state(self.session.state().clone());
        }
    }

    fn take_end(&mut self) {
        if self.app.draining.is_cancelled() {
            self.session.handle_shutdown(end::retry_hint());
        } else {
            self.session.handle_erased(end::retry_hint());
        }
    }

    fn take_incoming(&mut self, first: Incoming) -> Result<(), Lost> {
        let mut next = Some(first);
        let mut taken = 0;
        while taken < RECEIVE_BATCH {
            taken += 1;
            match next {
                Some(Incoming::Text(text)) => match lane::decode::<VisitorFrame>(&text) {
                    Ok(frame) => self.session.handle_frame(frame),
                    Err(error) => self.session.handle_malformed(error),
                },
                Some(Incoming::Foreign(error)) => self.session.handle_malformed(error),
                Some(Incoming::Gone) => return Err(Lost::Gone),
                None => break,
            }
            next = if self.session.wants_input() { self.lane.try_receive() } else { None };
        }
        self.app.metrics.add(Counter::FramesReceived, taken);
        Ok(())
    }

    fn take_answers(&mut self) {
        for (key, answer) in self.answers.iter().flat_map(|answers| answers.take()) {
            match answer {
                Ok(receipt) => self.session.handle_stored(receipt),
                Err(error) => self.session.handle_refused(key, error, None),
            }
        }
    }

    fn whisper_typing(&self, conversation: ConversationId) {
        // One too many is no fault to speak of.
        if self.app.rates.check_typing(conversation, None).is_ok() {
            let frame = StreamFrame::Typing { conversation, lasts: limits::TYPING.0 };
            self.app.bus.whisper_to_organization(self.organization(), wire::encode(&frame).into());
        }
    }

    async fn mark_read(&mut self, conversation: ConversationId, seq: Seq) -> Result<(), End> {
        let organization = self.organization();
        let marked =
            self.app.store.write(move |write| write.mark_read_by_contact(organization, conversation, seq));
        if marked.await.map_err(|error| failed(&error))? {
            let frame = StreamFrame::Read { conversation, user: None, seq };
            self.app.bus.whisper_to_organization(organization, wire::encode(&frame).into());
        }
        Ok(())
    }

    async fn store(&mut self, send: Send) {
        let Send { key, mut draft } = send;
        if let Err((error, retry_after)) = self.check_rates() {
            self.app.metrics.add(Counter::RateLimited, 1);
            return self.session.handle_refused(key, error, Some(retry_after));
        }
        if self.newcomer.is_some()
            && let Err(error) = Box::pin(self.recognize_newcomer()).await
        {
            return self.session.handle_refused(key, end::told(&error), Some(end::retry_hint()));
        }
        if draft.content_type.is_some() {
            // Seldom, and large: every socket would keep room for it as long as it lives.
            let described =
                Box::pin(attachment::describe(&mut draft, self.organization(), &self.own, self.app));
            if let Err(error) = described.await {
                return self.session.handle_refused(key, end::told(&error), None);
            }
        }
        let answers = Arc::clone(self.answers.get_or_insert_default());
        let append = Append { target: self.target, author: Author::Contact, draft, now: self.app.now() };
        self.app.store.submit(append, move |stored| answers.put((key, stored))).await;
    }

    /// Before the first message of a person whom nobody knows yet, so that the contact it opens is theirs.
    async fn recognize_newcomer(&mut self) -> Result<(), StoreError> {
        let (Some(identity), Target::Visitor { organization, .. }) = (&self.newcomer, self.target) else {
            return Ok(());
        };
        let (identity, now) = (identity.clone(), self.app.now());
        self.app.store.write(move |write| write.recognize(organization, &identity, now)).await?;
        self.newcomer = None;
        Ok(())
    }

    fn check_rates(&mut self) -> Result<(), (Error, u64)> {
        self.app.rates.check_message(&self.token)?;
        if matches!(self.target, Target::Visitor { .. }) && !self.begins {
            self.app.rates.check_conversation(self.address)?;
            self.begins = true;
        }
        Ok(())
    }

    /// In this order: what is stored after the head was read is told by the subscription.
    async fn subscribe(&mut self, conversation: ConversationId) -> Result<(), End> {
        let organization = self.organization();
        let subscription = self.app.bus.subscribe_conversation(organization, conversation);
        self.listening = Listening::Conversation(subscription);
        self.target = Target::Conversation { organization, conversation };
        self.look(conversation).await
    }

    async fn look(&mut self, conversation: ConversationId) -> Result<(), End> {
        let standing = self.app.store.read(move |read| read.standing(conversation)).await;
        let Standing { head, view } = standing.map_err(|error| failed(&error))?;
        self.session.handle_head(head);
        self.take_state(view);
        Ok(())
    }

    async fn read(&mut self, after: Seq) -> Result<(), End> {
        let Target::Conversation { conversation, .. } = self.target else { return Ok(()) };
        let most = self.app.settings.limits.socket_queue_frames;
        let entries = self.app.store.visitor_entries(conversation, after, most).await;
        let entries = entries.map_err(|error| failed(&error))?;
        self.app.metrics.add(Counter::FramesSent, entries.len() as u64);
        self.session.handle_entries(entries);
        Ok(())
    }

    async fn read_history(&mut self, before: Seq) -> Result<(), End> {
        let Target::Conversation { conversation, .. } = self.target else { return Ok(()) };
        let page =
            move |read: &Read<'_>| read.entries(conversation, Window::Before(before), limits::HISTORY_PAGE);
        let page = self.app.store.read(page).await.map_err(|error| failed(&error))?;
        self.session.handle_history(before, page);
        Ok(())
    }
}

/// A read that failed: the visitor comes back and asks again.
fn failed(error: &StoreError) -> End {
    End::Closed(Refusal { error: end::told(error), retry_after: Some(end::retry_hint()) })
}

async fn answered(answers: Option<&Answers>) {
    match answers {
        Some(answers) => answers.arrived.notified().await,
        None => std::future::pending().await,
    }
}

/// The protocol's time as the runtime's.
fn instant(at: Millis, now: Millis) -> Instant {
    Instant::now() + Duration::from_millis(at.since(now).0)
}
