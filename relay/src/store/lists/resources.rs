//! The resources and their fields. In SQL, `r` is the row of a record; `l` what conversations are listed by and `c` the
//! whole conversation; `m` a message and `c` its conversation.

use super::field::{Field, Kind, Referred, Resource};
use Kind::{Bool, Id, Map, Name, Number, Parts, Reference, References, Text, Texts, Time};

const DATA: &str = "r.data";
const STATE: &str = "c.state";
const EXTRA: &str = "m.extra";

const MESSAGE_TYPES: Kind =
    Name(&["chat", "card", "postback", "form", "field", "results", "command", "mention", "event", "status"]);

/// A resource that is stored as one document.
const fn record(kind: &'static str, fields: &'static [Field]) -> Resource {
    Resource { kind, fields, is_searched: false, organization: "r.organization = ?", key: "r.key" }
}

const fn id() -> Field {
    Field::column("id", Id, "r.id")
}

const fn organization() -> Field {
    Field::column("organization", Reference(Referred::Organization), "r.organization")
}

const fn data(name: &'static str, kind: Kind) -> Field {
    Field::member(name, kind, DATA)
}

const fn state(name: &'static str, kind: Kind) -> Field {
    Field::member(name, kind, STATE)
}

const CATEGORY: &[Field] = &[Field::part("name", Text), Field::part("forms", References(Referred::Form))];

pub static ORGANIZATIONS: Resource = record(
    "organization",
    &[
        id(),
        data("name", Text).sorted(),
        data("displayName", Text),
        Field::elements("allowedOrigins", Texts, DATA),
        data("locale", Text),
        Field::elements("categories", Parts(CATEGORY), DATA),
        Field::elements("visitorCommands", Texts, DATA),
        Field::column("hasIdentitySecret", Bool, "ifnull(json_extract(r.data, '$.hasIdentitySecret'), 0)"),
        Field::column("requireIdentity", Bool, "ifnull(json_extract(r.data, '$.requireIdentity'), 0)"),
        Field::whole("retention"),
        data("settings", Map),
        data("createdAt", Time).made(),
        data("updatedAt", Time).sorted(),
    ],
);

pub static USERS: Resource = record(
    "user",
    &[
        id(),
        organization(),
        data("name", Text).sorted(),
        data("email", Text),
        data("role", Name(&["agent", "bot", "admin"])),
        data("avatar", Text),
        data("createdAt", Time).made(),
        data("updatedAt", Time).sorted(),
    ],
);

pub static CHANNELS: Resource = record(
    "channel",
    &[
        id(),
        organization(),
        data("name", Text).sorted(),
        Field::elements("users", References(Referred::User), DATA),
        data("createdAt", Time).made(),
        data("updatedAt", Time).sorted(),
    ],
);

pub static FORMS: Resource = record(
    "form",
    &[
        id(),
        organization(),
        data("name", Text).sorted(),
        Field::whole("fields"),
        data("meta", Map),
        data("createdAt", Time).made(),
        data("updatedAt", Time).sorted(),
    ],
);

pub static CONTACTS: Resource = record(
    "contact",
    &[
        id(),
        organization(),
        data("externalId", Text),
        data("profile", Map),
        // As the indexes have them.
        data("profile.email", Text).hidden(),
        data("profile.telephone", Text).hidden(),
        data("conversation", Reference(Referred::Conversation)),
        data("createdAt", Time).made(),
        data("updatedAt", Time).sorted(),
    ],
);

pub static WEBHOOKS: Resource = record(
    "webhook",
    &[
        id(),
        organization(),
        data("name", Text).sorted(),
        data("url", Text),
        Field::elements("events", Texts, DATA),
        data("enabled", Bool),
        data("disabledReason", Name(&["gone", "failing"])),
        data("createdAt", Time).made(),
        data("updatedAt", Time).sorted(),
    ],
);

pub static ACTS: Resource = record(
    "act",
    &[
        id(),
        organization(),
        data("action", Text),
        data("subject", Text),
        data("source", Name(&["api", "shell"])),
        data("user", Reference(Referred::User)),
        data("requestId", Text),
        data("address", Text),
        data("createdAt", Time).made(),
    ],
);

pub static CONVERSATIONS: Resource = Resource {
    kind: "conversation",
    is_searched: true,
    organization: "l.organization = ?",
    key: "l.key",
    fields: &[
        Field::column("id", Id, "c.id"),
        Field::column("organization", Reference(Referred::Organization), "l.organization"),
        Field::whole("orgPath"),
        Field::column("type", Name(&["contact", "agent", "bot", "system"]), "c.type"),
        Field::whole("slug"),
        Field::whole("url"),
        Field::column("contact", Reference(Referred::Contact), "c.contact"),
        Field::column("status", Name(&["queued", "active", "closed"]), "l.status"),
        state("name", Text),
        Field::column("category", Text, "l.category"),
        state("priority", Text),
        state("subject", Text),
        Field::column("assignee", Reference(Referred::User), "l.assignee"),
        Field::elements("forms", References(Referred::Form), STATE),
        Field::whole("results"),
        state("fields", Map),
        state("meta", Map),
        Field::elements("tags", Texts, STATE),
        state("session", Map),
        state("dialogState", Text),
        Field::whole("notifications"),
        Field::whole("mentions"),
        Field::whole("participants"),
        Field::whole("agentsReadSeq"),
        Field::whole("contactReadSeq"),
        Field::whole("channels"),
        Field::whole("channelsOffline"),
        Field::rows(
            "channel",
            Reference(Referred::Channel),
            "conversation_channels e WHERE e.conversation = l.key",
            "e.channel",
        )
        .hidden(),
        Field::column(
            "head",
            Number,
            "(SELECT h.head FROM conversation_heads h WHERE h.conversation = l.key)",
        ),
        Field::column("touchpoint", Text, "c.touchpoint"),
        Field::whole("touchpoints"),
        Field::column("createdBy", Reference(Referred::User), "c.created_by"),
        Field::column("createdAt", Time, "c.created_at").made(),
        Field::column("updatedAt", Time, "l.updated_at").sorted(),
    ],
};

pub static MESSAGES: Resource = Resource {
    kind: "message",
    is_searched: false,
    organization: "m.organization = (SELECT o.key FROM organizations o WHERE o.id = ?)",
    key: "m.pos",
    fields: &[
        Field::column(
            "id",
            Id,
            "unhex(ifnull(json_extract(m.extra, '$.id'), printf('%08x%016x', m.created_at / 1000, m.pos)))",
        ),
        Field::column("organization", Reference(Referred::Organization), "c.organization"),
        Field::column("conversation", Reference(Referred::Conversation), "c.id"),
        Field::column("seq", Number, "m.seq"),
        Field::column("type", MESSAGE_TYPES, "m.type"),
        Field::column("role", Name(&["contact", "agent", "bot", "system"]), "m.role"),
        Field::column("text", Text, "m.text"),
        Field::column("contentType", Text, "ifnull(json_extract(m.extra, '$.contentType'), 'text/plain')"),
        Field::column("user", Reference(Referred::User), "m.user"),
        Field::column("contact", Reference(Referred::Contact), "iif(m.role = 'contact', c.contact, NULL)"),
        Field::column("name", Text, "m.name"),
        Field::column("touchpoint", Text, "ifnull(json_extract(m.extra, '$.touchpoint'), 'web')"),
        Field::column("isBackchannel", Bool, "ifnull(json_extract(m.extra, '$.isBackchannel'), 0)"),
        Field::whole("actions"),
        Field::whole("items"),
        Field::whole("results"),
        Field::whole("iframe"),
        Field::member("payload", Map, EXTRA),
        Field::member("meta", Map, EXTRA),
        Field::member("delay", Number, EXTRA),
        Field::column("clientKey", Text, "m.client_key"),
        Field::column(
            "status",
            Name(&["sent", "deleted"]),
            "ifnull(json_extract(m.extra, '$.status'), 'sent')",
        ),
        Field::column("createdAt", Time, "m.created_at").made(),
        Field::column("updatedAt", Time, "ifnull(m.updated_at, m.created_at)"),
        Field::whole("editedAt"),
    ],
};
