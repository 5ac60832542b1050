//! Which actions there are, what a page has put before, after or in place of them, and in which order all of that
//! runs. The semantics are Flex WebChat's. Nothing here runs a function: they are the page's, known by number (a
//! `payloadUpdate` is part of its action there).

use shared::{Error, ErrorCode};

/// A function of the page.
pub(crate) type FunctionId = u32;

/// The actions that the widget brings.
const NATIVE: [&str; 7] =
    [START_ENGAGEMENT, RESTART_ENGAGEMENT, TOGGLE, MINIMIZE, SEND_MESSAGE, SET_INPUT_TEXT, SEND_TYPING];
/// Those whose payload has a file, which only the page side can hold.
pub(super) const WITH_FILES: [&str; 4] = ["AttachFile", "DetachFile", SEND_MEDIA_MESSAGE, "DownloadMedia"];
pub(crate) const START_ENGAGEMENT: &str = "StartEngagement";
pub(crate) const RESTART_ENGAGEMENT: &str = "RestartEngagement";
pub(crate) const TOGGLE: &str = "ToggleChatVisibility";
pub(crate) const MINIMIZE: &str = "MinimizeChat";
pub(crate) const SEND_MESSAGE: &str = "SendMessage";
pub(crate) const SEND_MEDIA_MESSAGE: &str = "SendMediaMessage";
pub(crate) const SET_INPUT_TEXT: &str = "SetInputText";
pub(crate) const SEND_TYPING: &str = "SendTyping";

#[derive(Debug, Default)]
pub(crate) struct Registry {
    registered: Vec<(String, FunctionId)>,
    replaced: Vec<(String, FunctionId)>,
    /// In the order in which they were added.
    listeners: Vec<(String, FunctionId)>,
}

/// What is to be done next in one run of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// These, side by side; each may cancel.
    Before(Vec<FunctionId>),
    /// The page's own action.
    Action(FunctionId),
    /// With `original` at hand.
    Replacement(FunctionId),
    /// The widget's own action.
    Native,
    /// These, side by side.
    After(Vec<FunctionId>),
    /// It is over, and it was well.
    Done,
}

/// One run of an action, between its steps.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    name: String,
    stage: Stage,
    /// Inside a replacement: without listeners.
    is_inner: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Before,
    Body,
    After,
    Over,
}

impl Run {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Registry {
    pub(crate) fn register(&mut self, name: &str, function: FunctionId) {
        set(&mut self.registered, name, function);
    }

    pub(crate) fn replace(&mut self, name: &str, function: FunctionId) {
        set(&mut self.replaced, name, function);
    }

    pub(crate) fn listen(&mut self, event: &str, function: FunctionId) {
        self.listeners.push((event.to_owned(), function));
    }

    /// Removes the listener once, however often it was added.
    pub(crate) fn unlisten(&mut self, event: &str, function: FunctionId) {
        let is_it = |(known, id): &(String, FunctionId)| known == event && *id == function;
        if let Some(at) = self.listeners.iter().position(is_it) {
            self.listeners.remove(at);
        }
    }

    /// Removes the listeners of one event, or all.
    pub(crate) fn unlisten_all(&mut self, event: Option<&str>) {
        self.listeners.retain(|(known, _)| event.is_some_and(|event| known != event));
    }

    /// Whether the action is the widget's alone: no function of the page has a part in it.
    pub(crate) fn is_plain(&self, name: &str) -> bool {
        self.listening("before", name).is_empty()
            && self.listening("after", name).is_empty()
            && self.body(name) == Some(Step::Native)
    }

    /// Begins a run.
    ///
    /// # Errors
    /// `unknown_action`.
    pub(crate) fn begin(&self, name: &str) -> Result<Run, Error> {
        self.body(name).ok_or_else(unknown)?;
        Ok(Run { name: name.to_owned(), stage: Stage::Before, is_inner: false })
    }

    /// A run of the action as it was registered, for a replacement that asks for the original.
    ///
    /// # Errors
    /// `unknown_action` for one that exists as a replacement only.
    pub(crate) fn begin_original(&self, name: &str) -> Result<Run, Error> {
        self.original(name).ok_or_else(unknown)?;
        Ok(Run { name: name.to_owned(), stage: Stage::Body, is_inner: true })
    }

    /// The next step, once the one before is done. A listener that fails changes nothing; an action that fails ends
    /// its run.
    pub(crate) fn next(&self, run: &mut Run) -> Step {
        loop {
            let (stage, step) = match run.stage {
                Stage::Before => (Stage::Body, Some(Step::Before(self.listening("before", &run.name)))),
                Stage::Body if run.is_inner => (Stage::After, self.original(&run.name)),
                Stage::Body => (Stage::After, self.body(&run.name)),
                Stage::After if !run.is_inner => {
                    (Stage::Over, Some(Step::After(self.listening("after", &run.name))))
                }
                Stage::After | Stage::Over => return Step::Done,
            };
            run.stage = stage;
            match step {
                None => {}
                Some(Step::Before(ids) | Step::After(ids)) if ids.is_empty() => {}
                Some(step) => return step,
            }
        }
    }

    fn body(&self, name: &str) -> Option<Step> {
        find(&self.replaced, name).map(Step::Replacement).or_else(|| self.original(name))
    }

    fn original(&self, name: &str) -> Option<Step> {
        let registered = find(&self.registered, name).map(Step::Action);
        let is_native = NATIVE.contains(&name) || WITH_FILES.contains(&name);
        registered.or_else(|| is_native.then_some(Step::Native))
    }

    fn listening(&self, moment: &str, name: &str) -> Vec<FunctionId> {
        let is_meant = |event: &str| event.strip_prefix(moment) == Some(name);
        self.listeners.iter().filter(|(event, _)| is_meant(event)).map(|(_, id)| *id).collect()
    }
}

/// The last one counts.
fn set<T>(entries: &mut Vec<(String, T)>, name: &str, value: T) {
    entries.retain(|(known, _)| known != name);
    entries.push((name.to_owned(), value));
}

fn find<T: Copy>(entries: &[(String, T)], name: &str) -> Option<T> {
    entries.iter().find(|(known, _)| known == name).map(|(_, value)| *value)
}

fn unknown() -> Error {
    Error::new(ErrorCode::UnknownAction, "Action does not exist")
}

#[cfg(test)]
mod tests;
