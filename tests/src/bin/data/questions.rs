//! What is asked, each time about something else.

use crate::{
    Filled,
    contents::{CATEGORIES, COMMON, Contents, spoken},
};
use std::time::{Duration, Instant};
use tests::greeting::greet;

/// Conversations of a page where few have as many as a whole one: answers of the same size are compared. And of the
/// 10,000th page of 100,000 conversations.
const PAGE: usize = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    Resume,
    History,
    Newest,
    Status,
    Assignee,
    Channel,
    Category,
    Contact,
    UpdatedAt,
    LatestChanged,
    StatusChanged,
    CommonWord,
    RareWord,
    TwoWords,
    WordPage,
    LastPage,
    LastMessages,
}

impl Question {
    pub(crate) const ALL: [Self; 17] = [
        Self::Resume,
        Self::History,
        Self::Newest,
        Self::Status,
        Self::Assignee,
        Self::Channel,
        Self::Category,
        Self::Contact,
        Self::UpdatedAt,
        Self::LatestChanged,
        Self::StatusChanged,
        Self::CommonWord,
        Self::RareWord,
        Self::TwoWords,
        Self::WordPage,
        Self::LastPage,
        Self::LastMessages,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Resume => "a visitor comes back",
            Self::History => "history page",
            Self::Newest => "conversations",
            Self::Status => "conversations of a status",
            Self::Assignee => "… of an assignee",
            Self::Channel => "… of an inbox",
            Self::Category => "… of a category",
            Self::Contact => "… of a contact",
            Self::UpdatedAt => "… changed since a time",
            Self::LatestChanged => "… latest change first",
            Self::StatusChanged => "… of a status, latest change first",
            Self::CommonWord => "… with a common word",
            Self::RareWord => "… with a rare word",
            Self::TwoWords => "… with two words",
            Self::WordPage => "… with a common word, last pages",
            Self::LastPage => "page 10,000 of conversations",
            Self::LastMessages => "page 10,000 of messages",
        }
    }

    /// How long the answer took.
    pub(crate) async fn ask(self, filled: &Filled, page: Option<&str>) -> Duration {
        if self == Self::Resume {
            return resume(filled).await;
        }
        let path = page.map_or_else(|| self.path(&filled.contents), str::to_owned);
        let began = Instant::now();
        let answer = filled.contents.agent.get(&path).await;
        let took = began.elapsed();
        let items = answer.ok();
        assert!(items.as_array().is_some_and(|items| !items.is_empty()), "{path} finds nothing");
        took
    }

    /// The page that is asked for each time, where it is one far away. Getting to it costs; that is not measured.
    pub(crate) async fn page(self, filled: &Filled) -> Option<String> {
        let Contents { conversations, messages, .. } = &filled.contents;
        let page = match self {
            Self::WordPage => {
                format!("/v2/conversations?q={COMMON}&limit={PAGE}&offset={}", conversations.len() / 2)
            }
            Self::LastPage => {
                format!("/v2/conversations?limit={PAGE}&offset={}", conversations.len() - 2 * PAGE)
            }
            Self::LastMessages => format!("/v2/messages?offset={}", messages - 200),
            Self::Resume
            | Self::History
            | Self::Newest
            | Self::Status
            | Self::Assignee
            | Self::Channel
            | Self::Category
            | Self::Contact
            | Self::UpdatedAt
            | Self::LatestChanged
            | Self::StatusChanged
            | Self::CommonWord
            | Self::RareWord
            | Self::TwoWords => return None,
        };
        Some(next(filled, &page).await)
    }

    fn path(self, contents: &Contents) -> String {
        let any = |of: &[String]| of[fastrand::usize(..of.len())].clone();
        let (conversation, contact) =
            &contents.conversations[fastrand::usize(..contents.conversations.len())];
        let list = |query: &str| format!("/v2/conversations?{query}");
        let status = || ["queued", "active", "closed"][fastrand::usize(..3)];
        match self {
            Self::Resume | Self::Newest | Self::WordPage | Self::LastPage | Self::LastMessages => list(""),
            Self::History => format!("/v2/conversations/{conversation}/messages?limit=50"),
            Self::Status => list(&format!("status={}", status())),
            Self::Assignee => list(&format!("limit={PAGE}&assignee={}", any(&contents.users))),
            Self::Channel => list(&format!("limit={PAGE}&channel={}", any(&contents.channels))),
            Self::Category => {
                let category = CATEGORIES[fastrand::usize(..CATEGORIES.len())];
                list(&format!("category={}", category.replace(' ', "+")))
            }
            Self::Contact => list(&format!("contact={contact}")),
            Self::UpdatedAt => list("updatedAt=%3E2020-01-01T00:00:00Z"),
            Self::LatestChanged => list("sort=-updatedAt"),
            Self::StatusChanged => list(&format!("sort=-updatedAt&status={}", status())),
            Self::CommonWord => list(&format!("q={COMMON}")),
            Self::RareWord => list(&format!("limit={PAGE}&q={}", spoken(fastrand::usize(100..200)))),
            Self::TwoWords => list(&format!("q={COMMON}+{}", spoken(fastrand::usize(2..20)))),
        }
    }
}

/// The address of what comes after this page.
async fn next(filled: &Filled, page: &str) -> String {
    let answer = filled.contents.agent.get(page).await;
    let link = answer.headers.get("link").and_then(|link| link.to_str().ok()).unwrap_or_default();
    let path = link.find("/v2/").and_then(|at| link[at..].split('>').next());
    path.unwrap_or_else(|| panic!("{page} is the last: {} {}", answer.status, answer.body)).to_owned()
}

async fn resume(filled: &Filled) -> Duration {
    let visitors = &filled.contents.visitors;
    let (token, last) = &visitors[fastrand::usize(..visitors.len())];
    let began = Instant::now();
    let (socket, welcome) = greet(&filled.relay, token, *last).await;
    let took = began.elapsed();
    drop((socket, welcome));
    took
}
