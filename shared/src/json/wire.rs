//! What crosses the wire and what the browser keeps, member by member. `wire` and `message` say what it means.

use super::{FromJson, Members, ToJson, Writer};
use crate::{
    Error,
    conversation::Status,
    json_record,
    message::{Action, Iframe, Item, Results, Shown},
    peer::{Unsent, UnsentState},
    wire::{
        AgentView, Claim, ClaimOutcome, ConversationView, Entry, Hello, Notice, OrganizationView, Receipt,
        RelayFrame, VisitorFrame, Welcome,
    },
};
use serde_json::Value;

json_record!(write Hello {
    required version "version",
    required organization "organization",
    required token "token",
    defaulted last "last",
    optional locale "locale",
    optional identity "identity",
    optional claim "claim",
});

json_record!(Claim {
    required id "id",
    required token "token",
});

json_record!(Welcome {
    optional conversation "conversation",
    required head "head",
    optional reload "reload",
    required entries "entries",
    required organization "organization",
    optional state "state",
    optional claim "claim",
    required now "now",
});

json_record!(OrganizationView {
    required name "name",
    optional locale "locale",
    optional file_bytes "fileBytes",
    optional settings "settings",
});

json_record!(ConversationView {
    optional status "status",
    optional agents "agents",
    defaulted is_online "isOnline",
    optional read_by_agents "readByAgents",
    optional read_by_visitor "readByVisitor",
    optional position "position",
    optional forms "forms",
});

json_record!(AgentView {
    required id "id",
    required name "name",
    optional avatar_url "avatarUrl",
    defaulted is_online "isOnline",
    optional has_left "hasLeft",
});

json_record!(Entry {
    required seq "seq",
    // One that cannot be read is one that is not for the visitor: the next has its place.
    lenient message "message",
    lenient gone "gone",
    lenient revised "revised",
    lenient notice "notice",
});

json_record!(Notice {
    required what "what",
    lenient name "name",
    lenient at "at",
});

json_record!(read Receipt {
    required key "key",
    required id "id",
    required seq "seq",
    required conversation "conversation",
    required at "at",
});

json_record!(Error {
    required code "code",
    required message "message",
    optional field "field",
});

json_record!(Shown {
    required id "id",
    // Of a newer relay: what it says can be read as a text.
    lenient kind "type",
    required role "role",
    defaulted text "text",
    lenient content_type "contentType",
    lenient name "name",
    lenient actions "actions",
    lenient items "items",
    lenient results "results",
    lenient iframe "iframe",
    lenient payload "payload",
    lenient meta "meta",
    lenient client_key "clientKey",
    required created_at "createdAt",
    optional edited "edited",
});

json_record!(Action {
    required kind "type",
    required text "text",
    lenient payload "payload",
    lenient uri "uri",
    lenient url "url",
    lenient long_uri "longUri",
    lenient icon_url "iconUrl",
    lenient size "size",
    lenient fallback "fallback",
    lenient meta "meta",
});

json_record!(Item {
    required title "title",
    lenient description "description",
    lenient media_url "mediaUrl",
    lenient actions "actions",
});

json_record!(Results {
    required name "name",
    required values "values",
});

json_record!(Iframe {
    required url "url",
    required title "title",
    lenient height "height",
});

json_record!(Unsent {
    required key "key",
    optional kind "type",
    required text "text",
    optional content_type "contentType",
    optional payload "payload",
    optional meta "meta",
    required at "at",
    defaulted state "state",
});

impl FromJson for UnsentState {
    fn from_json(value: &Value) -> Option<Self> {
        let Some(members) = Members::of(value) else {
            return (value == "waiting").then_some(Self::Waiting);
        };
        match members.only()? {
            ("sent", sent) => Some(Self::Sent { seq: Members::of(sent)?.required("seq")? }),
            ("failed", error) => Error::from_json(error).map(Self::Failed),
            _ => None,
        }
    }
}

impl ToJson for UnsentState {
    fn to_json(&self, writer: &mut Writer) {
        match self {
            Self::Waiting => writer.string("waiting"),
            Self::Sent { seq } => {
                writer.variant("sent", |sent| sent.member("seq", seq));
            }
            Self::Failed(error) => writer.object(|state| state.member("failed", error)),
        }
    }
}

impl FromJson for Status {
    fn from_json(value: &Value) -> Option<Self> {
        let name = value.as_str()?;
        [Self::Queued, Self::Active, Self::Closed].into_iter().find(|status| status.as_str() == name)
    }
}

impl ToJson for Status {
    fn to_json(&self, writer: &mut Writer) {
        writer.string(self.as_str());
    }
}

impl FromJson for ClaimOutcome {
    fn from_json(value: &Value) -> Option<Self> {
        match value.as_str()? {
            "accepted" => Some(Self::Accepted),
            "refused" => Some(Self::Refused),
            _ => None,
        }
    }
}

impl ToJson for ClaimOutcome {
    fn to_json(&self, writer: &mut Writer) {
        writer.string(match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
        });
    }
}

impl ToJson for VisitorFrame {
    fn to_json(&self, writer: &mut Writer) {
        match self {
            Self::Hello(hello) => writer.object(|frame| frame.member("hello", hello)),
            Self::Send { key, kind, text, content_type, payload, meta } => writer.variant("send", |send| {
                send.member("key", key);
                send.optional("type", kind);
                send.member("text", text);
                send.optional("contentType", content_type);
                send.optional("payload", payload);
                send.optional("meta", meta);
            }),
            Self::Since { after } => writer.variant("since", |since| since.member("after", after)),
            Self::Before { before } => writer.variant("before", |page| page.member("before", before)),
            Self::Read { seq } => writer.variant("read", |read| read.member("seq", seq)),
            Self::Typing {} => writer.variant("typing", |_| {}),
            Self::Pong {} => writer.variant("pong", |_| {}),
        }
    }
}

impl FromJson for RelayFrame {
    fn from_json(value: &Value) -> Option<Self> {
        let (name, content) = Members::of(value)?.only()?;
        match name {
            "welcome" => return Welcome::from_json(content).map(Self::Welcome),
            "entry" => return Entry::from_json(content).map(Self::Entry),
            "ack" => return Receipt::from_json(content).map(Self::Ack),
            "state" => return ConversationView::from_json(content).map(Self::State),
            _ => {}
        }
        let members = Members::of(content)?;
        Some(match name {
            "history" => {
                Self::History { before: members.required("before")?, entries: members.required("entries")? }
            }
            "nack" => Self::Nack {
                key: members.required("key")?,
                error: members.required("error")?,
                retry_after: members.optional("retryAfter")?,
            },
            "typing" => Self::Typing { name: members.optional("name")?, lasts: members.required("for")? },
            "ping" => Self::Ping { head: members.required("head")? },
            "error" => Self::Error {
                error: members.required("error")?,
                retry_after: members.optional("retryAfter")?,
            },
            _ => return None,
        })
    }
}
