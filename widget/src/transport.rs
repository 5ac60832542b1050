//! The loop around `shared::peer::Visitor`: it carries bytes, time and wake-ups between the browser and the
//! peer, and decides nothing. It ends with its guard.

mod socket;

use crate::browser::{self, Listener, Timer};
use shared::{
    Millis,
    peer::{Output, Unsent, Visitor, VisitorEvent},
};
use socket::Socket;
use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};
use web_sys::WebSocket;

/// What the transport tells the widget.
pub(crate) enum Report {
    /// The outbox has changed and must survive a reload from here on.
    Persist(Vec<Unsent>),
    Event(VisitorEvent),
}

pub(crate) struct Transport {
    inner: Rc<Inner>,
    _listeners: [Listener; 4],
}

struct Inner {
    dial: Box<dyn Fn() -> Option<WebSocket>>,
    visitor: RefCell<Visitor>,
    socket: RefCell<Option<Socket>>,
    timer: RefCell<Option<Timer>>,
    report: Box<dyn Fn(Report)>,
    /// What the peer still wants to tell is no longer for anybody.
    ended: Cell<bool>,
    /// Whoever is told something may call the peer again: what follows from that comes after, in order.
    settling: Cell<bool>,
}

impl Transport {
    /// `dial` gives a socket; nothing where the browser refuses the address or the page's policy forbids it.
    pub(crate) fn new(
        dial: impl Fn() -> Option<WebSocket> + 'static,
        visitor: Visitor,
        report: impl Fn(Report) + 'static,
    ) -> Self {
        let inner = Rc::new(Inner {
            dial: Box::new(dial),
            visitor: RefCell::new(visitor),
            socket: RefCell::new(None),
            timer: RefCell::new(None),
            report: Box::new(report),
            ended: Cell::new(false),
            settling: Cell::new(false),
        });
        let window = browser::window();
        let listen = |event, react: fn(&Rc<Inner>)| {
            let inner = Rc::downgrade(&inner);
            Listener::new(&window, event, move |_| with(&inner, react))
        };
        let listeners = [
            listen("online", Inner::wake),
            listen("pageshow", Inner::wake),
            // Bubbles up from the document.
            listen("visibilitychange", Inner::wake),
            // A socket may take minutes to notice.
            listen("offline", Inner::lose),
        ];
        Self { inner, _listeners: listeners }
    }

    /// Calls the peer, and does what follows from it.
    pub(crate) fn drive<T>(&self, call: impl FnOnce(&mut Visitor, Millis) -> T) -> T {
        let answer = call(&mut self.inner.visitor.borrow_mut(), browser::now());
        self.inner.settle();
        answer
    }

    pub(crate) fn read<T>(&self, read: impl FnOnce(&Visitor) -> T) -> T {
        read(&self.inner.visitor.borrow())
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        self.inner.ended.set(true);
        self.inner.socket.take();
        self.inner.timer.take();
    }
}

impl Inner {
    fn drive(self: &Rc<Self>, call: impl FnOnce(&mut Visitor, Millis)) {
        call(&mut self.visitor.borrow_mut(), browser::now());
        self.settle();
    }

    /// Does what the peer wants until it wants nothing, then sleeps until it is due.
    fn settle(self: &Rc<Self>) {
        if self.settling.replace(true) {
            return;
        }
        while !self.ended.get() {
            // The borrow ends here: what follows may call the peer again.
            let output = self.visitor.borrow_mut().poll_output();
            let Some(output) = output else { break };
            match output {
                Output::Connect => self.connect(),
                Output::Transmit(text) => {
                    if let Some(socket) = &*self.socket.borrow() {
                        socket.send(&text);
                    }
                }
                Output::Disconnect => drop(self.socket.take()),
                Output::Persist => {
                    let outbox = self.visitor.borrow().outbox().cloned().collect();
                    (self.report)(Report::Persist(outbox));
                }
                Output::Event(event) => (self.report)(Report::Event(event)),
            }
        }
        self.settling.set(false);
        let due = self.visitor.borrow().poll_timeout().filter(|_| !self.ended.get());
        let timer = due.map(|due| {
            let inner = Rc::downgrade(self);
            Timer::after(due.since(browser::now()), move || {
                with(&inner, |inner| inner.drive(Visitor::handle_timeout))
            })
        });
        self.timer.replace(timer);
    }

    fn connect(self: &Rc<Self>) {
        let inner = Rc::downgrade(self);
        let hear = move |heard| {
            with(&inner, |inner| {
                inner.drive(|visitor, now| match heard {
                    socket::Heard::Opened => visitor.handle_opened(now),
                    socket::Heard::Text(text) => visitor.handle_text(&text, now),
                    socket::Heard::Closed => visitor.handle_closed(now),
                });
            });
        };
        match (self.dial)() {
            Some(socket) => drop(self.socket.replace(Some(Socket::new(socket, hear)))),
            // As good as closed.
            None => self.visitor.borrow_mut().handle_closed(browser::now()),
        }
    }

    /// Timers may have slept with the page.
    fn wake(self: &Rc<Self>) {
        if !browser::is_visible() {
            return;
        }
        self.drive(|visitor, now| {
            visitor.handle_timeout(now);
            visitor.handle_online(now);
        });
    }

    fn lose(self: &Rc<Self>) {
        self.socket.take();
        self.drive(Visitor::handle_closed);
    }
}

fn with(inner: &Weak<Inner>, react: impl FnOnce(&Rc<Inner>)) {
    if let Some(inner) = inner.upgrade() {
        react(&inner);
    }
}
