//! Typed configuration: sources and their order, conversions, faults.
#![cfg(feature = "config")]

mod support;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

use otp_core::config::{
    Config, ConfigSource, ConfigValue, NotAValue, Problem, Reader, Sources, Value,
};
use otp_core::env;
use support::paused;

/// Reads one required field `value`, with the variable `VALUE`.
struct One<T>(T);

impl<T: ConfigValue> Config for One<T> {
    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.field("value").env("VALUE").required().map(One)
    }
}

fn one<T: ConfigValue>(sources: &Sources) -> Result<T, String> {
    One::load_from(sources).map(|One(value)| value).map_err(|error| error.to_string())
}

/// The value as a file has it.
fn file<T: ConfigValue>(value: &str) -> Result<T, String> {
    one(&Sources::new().toml_text(format!("value = {value}")))
}

/// The value as the environment has it.
fn variable<T: ConfigValue>(value: &str) -> Result<T, String> {
    one(&Sources::new().var("VALUE", value))
}

#[derive(Debug, PartialEq)]
struct Bank {
    port: u16,
    limits: Limits,
    key: Option<String>,
}

#[derive(Debug, PartialEq)]
struct Limits {
    requests: u32,
    timeout: Duration,
}

impl Config for Bank {
    const APP: Option<&'static str> = Some("bank");

    fn read(from: &mut Reader<'_>) -> Option<Bank> {
        let port = from.field("port").env("BANK_PORT").or_else(|| 4000);
        let limits = from.nested("limits");
        let key = from.field("key").secret().env("BANK_KEY").required();
        from.deny_unknown();
        Some(Bank { port: port?, limits: limits?, key: key? })
    }
}

impl Config for Limits {
    fn read(from: &mut Reader<'_>) -> Option<Limits> {
        let requests = from.field("requests").env("BANK_REQUESTS").required();
        let timeout = from.field("timeout").or_else(|| Duration::from_secs(5));
        from.deny_unknown();
        Some(Limits { requests: requests?, timeout: timeout? })
    }
}

const LIMITS: &str = "[bank.limits]\nrequests = 10\n";

fn faults(sources: &Sources) -> Vec<String> {
    let error = Bank::load_from(sources).expect_err("it has faults");
    assert_eq!(error.to_string().lines().count(), error.faults().len());
    error.faults().iter().map(ToString::to_string).collect()
}

/// APP-ENV-02: defaults, then the file, then providers, then the environment, then what is put.
#[test]
fn each_source_wins_over_the_one_before() {
    let port = |sources: &Sources| Bank::load_from(sources).unwrap().port;
    let sources = Sources::new().toml_text(LIMITS);
    assert_eq!(port(&sources), 4000);
    let sources = sources.toml_text("bank.port = 1");
    assert_eq!(port(&sources), 1);
    let sources = sources.provider(|values| Ok(values.put("bank.port", 2)?));
    assert_eq!(port(&sources), 2);
    let sources = sources.var("BANK_PORT", "3");
    assert_eq!(port(&sources), 3);
    let sources = sources.put("port", 4);
    assert_eq!(port(&sources), 4);
    // The order of the calls is not the order of precedence.
    let other = Sources::new().put("port", 4).var("BANK_PORT", "3").toml_text(LIMITS);
    assert_eq!(port(&other), 4);
}

/// APP-CFG-01: tables are merged key by key, anything else is replaced by the last one.
#[test]
fn tables_are_merged_and_all_else_is_replaced() {
    type Nested = HashMap<String, HashMap<String, Vec<u8>>>;
    let sources = Sources::new()
        .toml_text("[value]\na = { x = [1, 2], y = [3] }\nb = { z = [9] }\n")
        .toml_text("[value]\na = { x = [4], z = [5] }\n");
    let value: Nested = one(&sources).unwrap();
    let table = |pairs: &[(&str, &[u8])]| -> HashMap<String, Vec<u8>> {
        pairs.iter().map(|(key, list)| ((*key).to_owned(), list.to_vec())).collect()
    };
    assert_eq!(value["a"], table(&[("x", &[4]), ("y", &[3]), ("z", &[5])]));
    assert_eq!(value["b"], table(&[("z", &[9])]));
}

/// APP-CFG-04, APP-CFG-05, APP-CFG-06: providers run in order, see what was said so far, and merge
/// over it.
#[test]
fn providers_see_what_was_said_before_them() {
    let sources = Sources::new()
        .toml_text("bank.limits = { requests = 10, timeout = '1s' }")
        .provider(|values| {
            let so_far: u32 = values.get("bank.limits.requests").ok_or("no requests")?;
            values.put("bank.limits.requests", so_far + 1)?;
            Ok(())
        })
        .provider(|values| {
            let so_far: u32 = values.get("bank.limits.requests").ok_or("no requests")?;
            assert_eq!(values.get::<bool>("bank.limits.requests"), None);
            Ok(values.put("bank.limits.requests", so_far * 2)?)
        });
    let limits = Bank::load_from(&sources).unwrap().limits;
    assert_eq!(limits, Limits { requests: 22, timeout: Duration::from_secs(1) });
    let failing = sources.provider(|_| Err("the vault is closed".into()));
    assert_eq!(faults(&failing), ["the vault is closed"]);
    let failed = Bank::load_from(&failing).unwrap_err();
    assert!(matches!(failed.faults()[0].problem, Problem::Failed { .. }));
}

#[test]
fn every_fault_is_told_at_once_with_its_place() {
    let sources = Sources::new()
        .toml_text("[bank]\nport = 70000\nprot = 1\n[bank.limits]\ntimeout = 5\nx = { y = 1 }\n")
        .var("BANK_REQUESTS", "many");
    let expected = [
        "bank.port: expected u16, found integer `70000` in the TOML text",
        "bank.limits.requests: expected u32, found string \"many\" in the environment variable \
         `BANK_REQUESTS`",
        "bank.limits.timeout: expected a duration with its unit, such as \"5s\" or \"250ms\", \
         found integer `5` in the TOML text",
        "bank.limits.x: unknown key in the TOML text",
        "bank.prot: unknown key in the TOML text; did you mean `bank.port`?",
    ];
    assert_eq!(faults(&sources), expected);
    let debug = format!("{:?}", Bank::load_from(&sources).unwrap_err());
    assert!(debug.starts_with("the configuration has 5 faults:\n  bank.port: "), "{debug}");
}

#[test]
fn a_missing_key_says_where_it_could_be() {
    let expected = "bank.limits.requests: is missing; set the environment variable \
                    `BANK_REQUESTS` or `bank.limits.requests` in the TOML text";
    assert_eq!(faults(&Sources::new().toml_text("")), [expected]);
    let standard = Sources::standard().var("BANK_PORT", "1");
    let error = Bank::load_from(&standard).unwrap_err();
    let Problem::Missing { places } = &error.faults()[0].problem else { panic!("{error}") };
    let expected = [
        "the environment variable `BANK_REQUESTS`",
        "`bank.limits.requests` in config.toml",
        "`env::put(\"bank\", \"limits.requests\", ..)`",
    ];
    assert_eq!(*places, expected);
}

#[test]
fn a_secret_never_appears() {
    let sources = Sources::new().toml_text(LIMITS).toml_text("bank.key = 12345\n");
    let error = Bank::load_from(&sources).unwrap_err();
    assert_eq!(error.to_string(), "bank.key: is no `Option<String>` in the TOML text");
    assert!(!format!("{error:?}").contains("12345"));
    let sources = sources.var("BANK_KEY", "sesame").put("key", "s3same");
    assert_eq!(Bank::load_from(&sources).unwrap().key.as_deref(), Some("s3same"));
    let shown = format!("{sources:?}");
    assert!(!shown.contains("sesame") && !shown.contains("12345"), "{shown}");
}

#[test]
fn files_that_cannot_be_read_are_faults() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("config-files");
    std::fs::create_dir_all(&folder).unwrap();
    let (absent, bad) = (folder.join("absent.toml"), folder.join("bad.toml"));
    std::fs::write(&bad, "[bank]\nport = \nkey = 'secret'\n").unwrap();
    let sources = Sources::new().toml_file(&absent).toml_file(&bad).toml_text(LIMITS);
    let error = Bank::load_from(&sources).unwrap_err();
    let [first, second] = error.faults() else { panic!("{error}") };
    let is_file = |source: &Option<ConfigSource>, path: &PathBuf| {
        assert_eq!(*source, Some(ConfigSource::File(path.display().to_string())));
    };
    is_file(&first.source, &absent);
    is_file(&second.source, &bad);
    assert!(matches!(first.problem, Problem::Unreadable { .. }), "{first}");
    assert!(matches!(second.problem, Problem::Malformed { line: Some(2), .. }), "{second}");
    assert!(second.to_string().starts_with(&format!("{}:2: ", bad.display())), "{second}");
    assert!(!error.to_string().contains("secret"), "{error}");
    let good = folder.join("good.toml");
    std::fs::write(&good, LIMITS).unwrap();
    assert_eq!(Bank::load_from(&Sources::new().toml_file(good)).unwrap().limits.requests, 10);
}

/// APP-ENV-05: the values of a file keep their type; a text of the environment has none.
#[test]
fn values_become_what_is_asked_for_or_a_fault() {
    assert_eq!(file::<u16>("80"), Ok(80));
    assert!(file::<u16>("'80'").unwrap_err().contains("expected u16, found string \"80\""));
    assert!(file::<u16>("80.5").is_err() && file::<u16>("-1").is_err());
    assert!(file::<String>("80").is_err() && file::<bool>("1").is_err());
    assert_eq!(file::<f64>("2"), Ok(2.0));
    assert_eq!(file::<PathBuf>("'a/b'"), Ok("a/b".into()));
    assert_eq!(file::<Option<u8>>("1"), Ok(Some(1)));
    assert_eq!(file::<(u8, String)>("[1, 'x']"), Ok((1, "x".to_owned())));
    assert_eq!(file::<HashMap<u8, bool>>("{ 1 = true }"), Ok([(1, true)].into()));
    assert_eq!(variable::<u16>(" 80 "), Ok(80));
    assert_eq!(variable::<i8>("-1"), Ok(-1));
    assert_eq!(variable::<u128>("340282366920938463463374607431768211455"), Ok(u128::MAX));
    assert_eq!(variable::<f32>("1.5"), Ok(1.5));
    assert_eq!((variable("true"), variable("0")), (Ok(true), Ok(false)));
    assert!(variable::<bool>("yes").unwrap_err().contains("expected `true` or `false`"));
    assert_eq!(variable::<Vec<u8>>("1, 2,3"), Ok(vec![1, 2, 3]));
    assert_eq!(variable::<Vec<String>>(""), Ok(vec![]));
    assert!(variable::<Vec<u8>>("1,x").unwrap_err().contains("at `[1]`: expected u8"));
    assert_eq!(variable::<Option<String>>("1"), Ok(Some("1".to_owned())));
    assert_eq!(variable::<std::net::Ipv4Addr>("127.0.0.1"), Ok([127, 0, 0, 1].into()));
    assert!(variable::<std::net::Ipv4Addr>("localhost").is_err());
    let deep = file::<HashMap<String, Vec<u8>>>("{ a = [1, 'x'] }").unwrap_err();
    assert!(deep.starts_with("value: at `a[1]`: expected u8, found string \"x\""), "{deep}");
    assert_eq!(one::<Option<u8>>(&Sources::new()), Ok(None));
}

#[test]
fn enums_are_texts_or_tables_with_one_key() {
    use std::ops::Bound::{self, Excluded, Included, Unbounded};
    assert_eq!(file::<Bound<u8>>("'Unbounded'"), Ok(Unbounded));
    assert_eq!(variable::<Bound<u8>>("Unbounded"), Ok(Unbounded));
    assert_eq!(file::<Bound<u8>>("{ Included = 5 }"), Ok(Included(5)));
    let wrong = variable::<Bound<u8>>("Unbound").unwrap_err();
    let expected = "value: expected one of `Unbounded`, `Included`, `Excluded`, found string \
                    \"Unbound\" in the environment variable `VALUE`";
    assert_eq!(wrong, expected);
    assert!(file::<Bound<u8>>("5").is_err());
    assert!(file::<Bound<u8>>("{ Included = 5, Excluded = 6 }").is_err());
    let values = [Unbounded, Included(1), Excluded(2)];
    assert_eq!(Value::of(values).unwrap().read(), Ok(values));
}

#[test]
fn durations_have_units() {
    let ms = Duration::from_millis;
    assert_eq!(file("'250ms'"), Ok(ms(250)));
    assert_eq!(variable("2min"), Ok(ms(120_000)));
    assert_eq!(variable::<Vec<Duration>>("1s, 2s"), Ok(vec![ms(1000), ms(2000)]));
    assert_eq!(one(&Sources::new().put("value", ms(1500))), Ok(ms(1500)));
    assert_eq!(one(&Sources::new().put("value", "1.5s")), Ok(ms(1500)));
    for bare in [file::<Duration>("5"), variable("5"), file("5.0"), file("'5 sec'")] {
        assert!(bare.unwrap_err().contains("expected a duration with its unit"));
    }
}

#[test]
fn a_nested_configuration_may_be_left_out() {
    struct Outer(Option<Limits>);
    impl Config for Outer {
        fn read(from: &mut Reader<'_>) -> Option<Outer> {
            from.nested("limits").map(Outer)
        }
    }
    assert_eq!(Outer::load_from(&Sources::new()).unwrap().0, None);
    let sources = Sources::new().var("BANK_REQUESTS", "3");
    assert_eq!(Outer::load_from(&sources).unwrap().0.unwrap().requests, 3);
    for half in ["limits.timeout = '1s'", "[limits]", "limits.x = 1"] {
        let error = Outer::load_from(&Sources::new().toml_text(half)).err().unwrap().to_string();
        assert!(error.starts_with("limits.requests: is missing"), "{error}");
    }
}

#[test]
fn what_is_no_table_is_one_fault() {
    let expected = "bank.limits: expected a table, found integer `5` in the TOML text";
    let found = faults(&Sources::new().toml_text("bank.limits = 5"));
    assert_eq!(found, [expected]);
    let found = faults(&Sources::new().toml_text("bank = true"));
    assert_eq!(found[0], "bank: expected a table, found boolean `true` in the TOML text");
}

#[test]
fn any_value_can_be_configured_but_for_odd_maps() {
    let value = Value::of((1_u64, Some("x"), None::<u8>, 'c', [true])).unwrap();
    assert_eq!(format!("{value:?}"), "[1, \"x\", none, \"c\", [true]]");
    assert_eq!(value.read(), Ok((1_u8, Some("x".to_owned()), None::<u8>, 'c', [true])));
    assert_eq!(Value::of(u64::MAX).unwrap().read(), Ok(u64::MAX));
    assert_eq!(Value::of(HashMap::from([(1, 2)])).unwrap().read(), Ok(HashMap::from([(1, 2)])));
    assert!(matches!(Value::of(HashMap::from([(vec![1], 2)])), Err(NotAValue { .. })));
    let odd = Sources::new().toml_text(LIMITS).put("port", HashMap::from([(vec![1], 2)]));
    let expected = "bank.port: a value put at run time: this cannot be a configuration value: the \
                    keys of a map must be texts";
    assert_eq!(faults(&odd), [expected]);
}

/// APP-ENV-02: what is put for an application is the last layer of its configuration.
#[test]
fn what_is_put_is_the_last_layer() {
    paused(async {
        env::load("bank", HashMap::from([("port", 1)])).unwrap();
        let requests = Sources::standard().var("BANK_REQUESTS", "10");
        assert_eq!(Bank::load_from(&requests).unwrap().port, 1);
        let sources = requests.var("BANK_PORT", "2");
        assert_eq!(Bank::load_from(&sources).unwrap().port, 2);
        env::put("bank", "port", 3).unwrap();
        assert_eq!(Bank::load_from(&sources).unwrap().port, 3);
        env::put("bank", "limits.requests", 5).unwrap();
        assert_eq!(Bank::load_from(&sources).unwrap().limits.requests, 5);
        env::delete("bank", "port");
        assert_eq!(Bank::load_from(&sources).unwrap().port, 2);
    });
}
