//! What an operator does in a shell, beside a relay that serves and instead of one.

use serde_json::Value;
use shared::Seq;
use std::{fs, path::Path, process::Output};
use tempfile::TempDir;
use tests::{
    checker::{self, Told},
    relay::{Relay, UNLIMITED, run, run_with, script, try_start},
    rest::Rest,
    s3::S3,
    visitor::{VisitorClient, random_token},
};
use tokio::sync::oneshot;

/// Visitors who talk while the backup is made.
const VISITORS: usize = 20;
/// What each has said before it.
const BEFORE: usize = 10;

#[tokio::test]
async fn a_backup_under_load_has_everything_that_was_acknowledged_before_it() {
    let mut relay = Relay::start_with(&UNLIMITED).await;
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("backup.db");
    let mut visits = Vec::with_capacity(VISITORS);
    for _ in 0..VISITORS {
        let mut visitor = VisitorClient::new(&relay);
        let mut told = Told::default();
        for number in 0..BEFORE {
            told.said.push(visitor.say(&format!("message {number}")));
            told.acknowledged.push(visitor.acked(told.said.last().unwrap()).await);
        }
        visits.push((visitor, told));
    }
    let (stop, mut stopped) = oneshot::channel();
    let mut talker = VisitorClient::new(&relay);
    let talk = tokio::spawn(async move {
        let mut count = 0;
        while stopped.try_recv().is_err() {
            talker.tell("And while it is made").await;
            count += 1;
        }
        count
    });

    let output = run(&["backup", text(&file)], &relay.data_dir()).await;
    stop.send(()).unwrap();
    assert!(output.status.success(), "{}", said(&output.stderr));
    assert!(talk.await.unwrap() > 0, "the relay stood still");
    relay.kill().await;

    let restored = run(&["restore", "--force", text(&file)], &relay.data_dir()).await;
    assert!(restored.status.success(), "{}", said(&restored.stderr));
    relay.restart().await;
    for (_, told) in visits {
        let conversation = told.acknowledged[0].conversation;
        let log = checker::read_log(relay.rest(), conversation).await;
        assert_eq!(checker::faults(&log, &told), []);
        assert_eq!(log.len(), BEFORE);
    }
    assert!(relay.data_dir().join("relay.db.replaced").exists(), "what was there is put aside");
}

#[tokio::test]
async fn a_backup_is_a_private_file_of_its_own_and_replaces_nothing() {
    let relay = Relay::start().await;
    VisitorClient::new(&relay).tell("Hello").await;
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("backup.db");

    assert!(run(&["backup", text(&file)], &relay.data_dir()).await.status.success());

    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "one file and nothing beside it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    let before = fs::read(&file).unwrap();
    let again = refusal(&run(&["backup", text(&file)], &relay.data_dir()).await);
    assert!(again.contains("backup.db exists"), "{again}");
    assert_eq!(fs::read(&file).unwrap(), before);
    let nothing = refusal(&run(&["backup", "new.db"], directory.path()).await);
    assert!(nothing.contains("there is no database"), "{nothing}");
    assert!(!Path::new("new.db").exists());
}

#[tokio::test]
async fn nothing_is_restored_over_a_relay_that_serves_a_database_that_is_there_or_from_what_is_damaged() {
    let mut relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    let conversation = visitor.tell("Hello").await.conversation;
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("backup.db");
    assert!(run(&["backup", text(&file)], &relay.data_dir()).await.status.success());
    let restore = async |file: &Path, force: &[&str], data: &Path| {
        run(&[&["restore", text(file)], force].concat(), data).await
    };

    let serving = refusal(&restore(&file, &["--force"], &relay.data_dir()).await);
    assert!(serving.contains("in use by another relay"), "{serving}");
    relay.terminate();
    relay.exited().await;
    let there = refusal(&restore(&file, &[], &relay.data_dir()).await);
    assert!(there.contains("--force"), "{there}");

    let damaged = directory.path().join("damaged.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0x5a);
    fs::write(&damaged, bytes).unwrap();
    let text_file = directory.path().join("text.db");
    fs::write(&text_file, "no database at all, and long enough to have a header like one; really not")
        .unwrap();
    let empty = directory.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    for file in [&damaged, &text_file, &empty] {
        let unsound = refusal(&restore(file, &["--force"], &relay.data_dir()).await);
        assert!(unsound.contains("is no sound database"), "{unsound}");
    }
    refusal(&restore(&directory.path().join("missing.db"), &["--force"], &relay.data_dir()).await);

    relay.restart().await;
    assert_eq!(checker::read_log(relay.rest(), conversation).await.len(), 1, "nothing was touched");
    let elsewhere = directory.path().join("elsewhere");
    assert!(restore(&file, &[], &elsewhere).await.status.success());
    assert!(elsewhere.join("relay.db").exists());
}

#[tokio::test]
async fn the_doctor_finds_what_is_wrong_and_changes_nothing() {
    let mut relay = Relay::start().await;
    VisitorClient::new(&relay).tell("Hello").await;
    let data = relay.data_dir();
    let doctor = async || run(&["doctor"], &data).await;

    let well = doctor().await;
    let report = said(&well.stdout);
    assert!(well.status.success(), "{report}");
    assert_eq!(report.lines().count(), 8, "{report}");
    assert!(!report.contains("WRONG"), "{report}");

    relay.terminate();
    relay.exited().await;
    let database = rusqlite::Connection::open(data.join("relay.db")).unwrap();
    database.execute("UPDATE messages SET created_at = created_at + 7200000", ()).unwrap();
    database.pragma_update(None, "user_version", 9_999).unwrap();
    drop(database);
    fs::write(data.join("secret"), "short").unwrap();
    let ill = doctor().await;
    let report = said(&ill.stdout);
    assert_eq!(ill.status.code(), Some(1), "{report}");
    for finding in ["WRONG  signing key", "WRONG  schema version", "WRONG  clock", "ok     database"] {
        assert!(report.contains(finding), "{finding}: {report}");
    }
    assert!(report.contains("9999") && report.contains("behind the newest message"), "{report}");

    fs::write(data.join("relay.db"), "no database at all").unwrap();
    assert!(said(&doctor().await.stdout).contains("WRONG  database"));

    let nowhere = TempDir::new().unwrap();
    let absent = nowhere.path().join("data");
    let report = run(&["doctor"], &absent).await;
    assert!(report.status.success() && said(&report.stdout).contains("note   data directory"));
    assert!(!absent.exists(), "the doctor makes nothing");
    let broken = run(&["doctor", "--visitor-messages", "many"], &data).await;
    assert_eq!(broken.status.code(), Some(1));
    assert!(said(&broken.stdout).starts_with("WRONG  configuration"), "{}", said(&broken.stdout));
}

#[tokio::test]
async fn the_doctor_asks_the_bucket_of_files() {
    let directory = TempDir::new().unwrap();
    let s3 = S3::start().await;
    let environment = s3.environment("s3://chat/live");
    let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let doctor = async || run_with(&["doctor"], directory.path(), &environment).await;

    let report = doctor().await;
    assert!(said(&report.stdout).contains("the bucket s3://chat/live answers"), "{}", said(&report.stdout));

    s3.refuse();
    let report = said(&doctor().await.stdout);
    assert!(report.contains("WRONG  files") && report.contains("AWS_"), "{report}");
    assert!(!report.contains("no secret"), "{report}");
}

#[tokio::test]
async fn the_settings_are_printed_with_their_sources_and_without_secrets() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("relay.toml");
    let secret = "0123456789abcdef0123456789abcdef";
    fs::write(&file, format!("visitor-messages = 7\nsecret = \"{secret}\"\n")).unwrap();

    let output = run(&["config", "--config", text(&file), "--log", "debug"], directory.path()).await;

    let printed = said(&output.stdout);
    let line = |name: &str| printed.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
    assert!(line("visitor-messages = 7").ends_with(&format!("# {}", file.display())), "{printed}");
    assert!(line("log = \"debug\"").ends_with("# flag"), "{printed}");
    assert!(line("new-conversations").ends_with("# default"), "{printed}");
    assert!(line("secret").contains("(hidden)") && !printed.contains(secret), "{printed}");
    fs::write(&file, &printed).unwrap();
    let again = run(&["config", "--config", text(&file)], directory.path()).await;
    assert!(again.status.success(), "what is printed is a file of settings: {}", said(&again.stderr));
}

#[tokio::test]
async fn users_and_tokens_are_made_listed_and_revoked_beside_a_relay() {
    let relay = Relay::start().await;
    let data = relay.data_dir();
    let ask = async |arguments: &[&str]| {
        let output = run(arguments, &data).await;
        assert!(output.status.success(), "{}", said(&output.stderr));
        said(&output.stdout).trim_end().to_owned()
    };

    let organization = ask(&["organization", "create", "--name", "Rook Lane"]).await;
    let user =
        ask(&["user", "create", "--name", "Anna", "--email", "a@b.example", "--organization", &organization])
            .await;
    let token = ask(&["token", "create", "--user", "a@b.example", "--expires", "30d"]).await;

    assert!(ask(&["organization", "list"]).await.contains(&format!("{organization}\tRook Lane")));
    let users = ask(&["user", "list"]).await;
    assert!(users.contains(&format!("{user}\tagent\tAnna\ta@b.example\t{organization}")), "{users}");
    let tokens = ask(&["token", "list", "--user", &user]).await;
    let (jti, rest) = tokens.split_once('\t').unwrap();
    assert!(rest.ends_with("\t-"), "it is not revoked: {tokens}");
    let anna = Rest::new(relay.address()).with_token(&token);
    assert_eq!(anna.get("/v2/organizations").await.ok()[0]["id"], organization);

    ask(&["token", "revoke", jti]).await;
    let tokens = ask(&["token", "list", "--user", &user]).await;
    assert!(!tokens.ends_with("\t-"), "{tokens}");
}

#[tokio::test]
async fn a_database_is_migrated_before_a_relay_starts() {
    let relay = Relay::start().await;
    let directory = TempDir::new().unwrap();

    let first = said(&run(&["migrate"], directory.path()).await.stdout);
    let second = said(&run(&["migrate"], directory.path()).await.stdout);
    let serving = said(&run(&["migrate"], &relay.data_dir()).await.stdout);

    assert!(first.contains("had version 0"), "{first}");
    assert!(second.contains("already") && serving.contains("already"), "{second} {serving}");
}

/// Words that nobody else uses.
const SAID: &str = "xylophone-said";
const ANSWERED: &str = "xylophone-answered";

#[tokio::test]
async fn the_log_has_neither_texts_nor_tokens_and_is_json_where_asked() {
    let relay = Relay::start_with(&[("RELAY_LOG", "trace"), ("RELAY_LOG_FORMAT", "json")]).await;
    let visitor_token = random_token();
    let mut visitor = VisitorClient::with_token(&relay, visitor_token.clone());
    let conversation = visitor.tell(SAID).await.conversation;
    let path = format!("/v2/conversations/{conversation}/messages");
    let answer = serde_json::json!({"role": "agent", "text": ANSWERED});
    relay.rest().post(&path, &answer).await.created();
    visitor.seen(Seq(2)).await;
    relay.rest().post(&path, &serde_json::json!({"text": ""})).await;
    let sent = relay.rest().post("/v2/files", &answer).await;
    assert_eq!(sent.status, 422, "an admin of all names the organization");
    Rest::new(relay.address()).with_token("forged-token").get("/v2/users?q=xylophone").await;
    let token = relay.rest().token().unwrap();
    let visitor_token = serde_json::to_value(&visitor_token).unwrap();

    let output = relay.output();

    let lines: Vec<Value> = output.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let answered: Vec<_> = lines.iter().filter(|line| line["message"] == "answered").collect();
    assert!(answered.iter().any(|line| line["span"]["route"] == "/v2/users"), "{output}");
    let (_, signature) = token.rsplit_once('.').unwrap();
    for secret in ["xylophone", signature, "forged-token", visitor_token.as_str().unwrap()] {
        assert!(!output.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_format_that_does_not_exist_is_refused() {
    let directory = TempDir::new().unwrap();
    let data = directory.path().join("data");
    let output = try_start(&["--log-format", "xml", "--data-dir", text(&data)], &[]).await;
    assert_eq!(refusal(&output), "relay: --log-format is 'xml'; expected text or json");
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The one line of a command that fails.
fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    let complaint = said(&output.stderr).trim_end().to_owned();
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    complaint
}

/// The page as it is, and the addresses in it that are somewhere else on the machine that tests.
const PAGE: &str = include_str!("../../../docs/operations.md");
const BACKUPS: &str = "/var/backups/frontdesk";

#[tokio::test]
async fn every_command_of_the_page_for_operators_does_what_it_says() {
    let mut relay = Relay::start().await;
    VisitorClient::new(&relay).tell("Hello").await;
    let backups = TempDir::new().unwrap();
    let at = |from: &str, to: &str| {
        let from = PAGE.find(from).unwrap_or_else(|| panic!("the page has '{from}'"));
        let to = PAGE.find(to).unwrap_or_else(|| panic!("the page has '{to}'"));
        commands(&PAGE[from..to]).replace(BACKUPS, text(backups.path()))
    };
    let (serving, stopped, after) =
        (at("# Running", "## Restoring"), at("## Restoring", "## Upgrading"), at("## Upgrading", "## When"));
    assert!(serving.contains("relay doctor") && serving.contains("relay backup"), "{serving}");
    assert!(stopped.contains("relay restore") && after.contains("relay migrate"), "{stopped}{after}");

    let output = script(&serving, &relay.data_dir()).await;
    assert!(output.status.success(), "{}", said(&output.stderr));
    relay.terminate();
    relay.exited().await;
    let output = script(&(stopped + &after), &relay.data_dir()).await;
    assert!(output.status.success(), "{}", said(&output.stderr));
    relay.restart().await;

    assert!(backups.path().join("files").is_dir() && backups.path().join("secret").exists());
    let users = relay.rest().get("/v2/users").await.ok().to_string();
    assert!(users.contains("anna@shop.example"), "{users}");
}

#[tokio::test]
async fn the_settings_that_are_shipped_are_settings() {
    let settings = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/relay.toml");
    let directory = TempDir::new().unwrap();
    let output = run(&["config", "--config", settings], directory.path()).await;
    assert!(output.status.success(), "{}", said(&output.stderr));
    for line in fs::read_to_string(settings).unwrap().lines().filter(|line| line.contains(" = \"")) {
        // Also those that are only suggested.
        let file = directory.path().join("one.toml");
        fs::write(&file, line.trim_start_matches("# ")).unwrap();
        let output = run(&["config", "--config", text(&file)], directory.path()).await;
        assert!(output.status.success(), "{}", said(&output.stderr));
    }
}

/// What stands in the blocks of a shell.
fn commands(page: &str) -> String {
    let blocks = page.split("```sh\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default()).collect()
}
