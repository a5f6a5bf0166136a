//! `#[derive(Config)]`.
#![cfg(feature = "config")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use otp::config::{ConfigValue, Problem, Sources};
use otp::prelude::*;

#[derive(Clone, Debug, PartialEq, Config)]
#[config(app = "bank", deny_unknown)]
struct Bank {
    #[config(env = "BANK_DATA", default = "data")]
    data: PathBuf,
    #[config(env = "BANK_PORT", default = 4000)]
    port: u16,
    #[config(default = 5s)]
    timeout: Duration,
    #[config(default)]
    tags: Vec<String>,
    #[config(key = "net.hosts", env = "BANK_HOSTS", default = vec!["localhost".to_owned()])]
    hosts: Vec<String>,
    #[config(env = "BANK_KEY")]
    #[config(secret)]
    key: String,
    r#type: Option<String>,
    #[config(nested)]
    limits: Limits,
    #[config(nested)]
    tls: Option<Tls>,
    #[config(default = BTreeMap::<String, u8>::from([("a".to_owned(), 1)]))]
    table: BTreeMap<String, u8>,
}

#[derive(Clone, Debug, PartialEq, Config)]
struct Limits {
    #[config(default = 10 * 2)]
    requests: u32,
    #[config(default = 1.5)]
    share: f32,
    #[config(default = 3u8)]
    retries: u8,
}

#[derive(Clone, Debug, PartialEq, Config)]
struct Tls {
    certificate: PathBuf,
}

#[derive(Config)]
struct Pair<A, B>
where
    B: Default,
{
    left: A,
    #[config(default)]
    right: B,
}

#[derive(Config)]
struct Nothing {}

fn with_key() -> Sources {
    Sources::new().var("BANK_KEY", "sesame")
}

#[test]
fn what_is_not_configured_has_its_default() {
    let expected = Bank {
        data: "data".into(),
        port: 4000,
        timeout: Duration::from_secs(5),
        tags: vec![],
        hosts: vec!["localhost".to_owned()],
        key: "sesame".to_owned(),
        r#type: None,
        limits: Limits { requests: 20, share: 1.5, retries: 3 },
        tls: None,
        table: [("a".to_owned(), 1)].into(),
    };
    assert_eq!(Bank::load_from(&with_key()).unwrap(), expected);
}

#[test]
fn what_is_configured_is_read_by_its_key() {
    let file = "[bank]\nport = 80\ntimeout = '250ms'\ntags = ['a']\ntype = 'savings'\n\
                net.hosts = ['one', 'two']\nlimits.requests = 1\ntls.certificate = 'c.pem'\n";
    let sources = with_key().toml_text(file);
    let bank = Bank::load_from(&sources).unwrap();
    assert_eq!((bank.port, bank.timeout), (80, Duration::from_millis(250)));
    assert_eq!((bank.tags, bank.r#type), (vec!["a".to_owned()], Some("savings".to_owned())));
    assert_eq!((bank.hosts, bank.limits.requests), (vec!["one".to_owned(), "two".into()], 1));
    assert_eq!(bank.tls, Some(Tls { certificate: "c.pem".into() }));
    let sources = sources.var("BANK_HOSTS", "three, four").var("BANK_DATA", "/d").put("port", 81);
    let bank = Bank::load_from(&sources).unwrap();
    assert_eq!((bank.hosts, bank.port), (vec!["three".to_owned(), "four".into()], 81));
    assert_eq!(bank.data, PathBuf::from("/d"));
}

#[test]
fn all_faults_come_in_the_order_of_the_fields() {
    let file = "[bank]\nport = 'x'\nkey = 5\ntypo = 1\ntype = 5\nlimits = 3\n";
    let error = Bank::load_from(&Sources::new().toml_text(file)).unwrap_err();
    let keys: Vec<&str> = error.faults().iter().map(|fault| &*fault.key).collect();
    assert_eq!(keys, ["bank.port", "bank.key", "bank.type", "bank.limits", "bank.typo"]);
    assert!(matches!(error.faults()[1].problem, Problem::WrongSecret { .. }));
    let Problem::Unknown { meant } = &error.faults()[4].problem else { panic!("{error}") };
    assert_eq!(meant.as_deref(), Some("bank.type"));
}

#[test]
fn generic_structs_are_read_where_their_fields_can_be() {
    fn read<T: ConfigValue + Default>(text: &str) -> Pair<T, T> {
        Pair::load_from(&Sources::new().toml_text(text)).unwrap()
    }
    let pair = read::<u8>("left = 1\nright = 2\n");
    assert_eq!((pair.left, pair.right), (1, 2));
    assert_eq!(read::<String>("left = 'x'").right, "");
    assert!(Nothing::load_from(&Sources::new().toml_text("what = 'ever'")).is_ok());
}

struct Ledger(PathBuf);

#[gen_server(name)]
impl Ledger {
    #[init]
    fn init(path: PathBuf) -> Self {
        Ledger(path)
    }

    #[handle_call]
    fn path(&self) -> PathBuf {
        self.0.clone()
    }
}

supervisor! {
    /// A tree that gets its configuration as an argument.
    BankSup(config: Bank) {
        strategy: one_for_one,
        children: [Ledger(config.data.join("ledger"))],
    }
}

#[otp::test(start_paused = true)]
async fn values_reach_children_as_arguments() {
    otp::env::put_all([
        otp::env::entry("bank", "key", "sesame"),
        otp::env::entry("bank", "data", "elsewhere"),
    ])
    .unwrap();
    BankSup::start_link(Bank::load().unwrap()).await.unwrap();
    let path = Ledger::client().path().or_exit().await;
    assert_eq!(path, PathBuf::from("elsewhere/ledger"));
}
