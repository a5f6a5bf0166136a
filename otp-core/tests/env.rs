//! The application environment.
#![cfg(feature = "config")]

mod support;

use std::collections::HashMap;
use std::path::PathBuf;

use otp_core::config::{ConfigSource, Value};
use otp_core::env::{self, EnvError, PutError, entry};
use support::paused;

fn number(app: &str, key: &str) -> Option<i64> {
    env::get(app, key)
}

fn numbers<const N: usize>(pairs: [(&'static str, i64); N]) -> HashMap<&'static str, i64> {
    pairs.into()
}

/// APP-ENV-01: get, with a default and without, fetch, all, put and delete, by application and key.
#[test]
fn values_are_put_read_and_deleted() {
    paused(async {
        env::put("a", "x", 1).unwrap();
        env::put("a", "y.z", "text").unwrap();
        env::put("b", "x", 2).unwrap();
        assert_eq!((number("a", "x"), number("b", "x")), (Some(1), Some(2)));
        assert_eq!(env::get_or("a", "x", 9), 1);
        assert_eq!(env::get_or("a", "w", 9), 9);
        assert_eq!(env::fetch("a", "y.z"), Ok("text".to_owned()));
        let expected = [("x", Value::of(1)), ("y", Value::of(HashMap::from([("z", "text")])))];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.unwrap()));
        assert_eq!(env::all("a"), expected.into());
        assert!(env::all("c").is_empty());
        env::put("a", "y", 3).unwrap();
        assert_eq!(number("a", "y"), Some(3), "a put replaces a table");
        assert!(env::delete("a", "x") && !env::delete("a", "x"));
        assert!(!env::delete("c", "x"));
        assert_eq!((number("a", "x"), number("b", "x")), (None, Some(2)));
    });
}

/// APP-ENV-03: loading overwrites what was put before, but not what was put to stay.
#[test]
fn loading_overwrites_what_was_not_put_to_stay() {
    paused(async {
        for key in ["put", "only_put"] {
            env::put("a", key, 1).unwrap();
        }
        env::put_persistent("a", "stays", 1).unwrap();
        env::load("a", numbers([("put", 2), ("stays", 2), ("own", 2)])).unwrap();
        assert_eq!((number("a", "put"), number("a", "only_put")), (Some(2), Some(1)));
        assert_eq!((number("a", "stays"), number("a", "own")), (Some(1), Some(2)));
        env::put("a", "own", 3).unwrap();
        assert_eq!(number("a", "own"), Some(3));
        assert!(env::unload("a") && !env::unload("a"));
        assert_eq!((number("a", "own"), number("a", "stays")), (None, Some(1)));
        env::load("a", numbers([("own", 2)])).unwrap();
        assert_eq!((number("a", "own"), number("a", "stays")), (Some(2), Some(1)));
        env::load("empty", ()).unwrap();
        let unset = EnvError::Unset { app: "empty".to_owned(), key: "x".to_owned() };
        assert_eq!(env::fetch::<i64>("empty", "x"), Err(unset));
        assert!(matches!(env::load("odd", 5), Err(PutError::NotAValue { .. })));
    });
}

/// APP-ENV-04, APP-CFG-01: several values in one step, all or none; tables are merged.
#[test]
fn several_applications_are_set_in_one_step() {
    paused(async {
        env::put("a", "limits", numbers([("x", 1), ("y", 1)])).unwrap();
        env::put_all([
            entry("a", "limits", numbers([("y", 2), ("z", 2)])),
            entry("b", "port", 4000),
            entry("b", "limits.x", 3),
        ])
        .unwrap();
        let limits: HashMap<String, i64> = env::get("a", "limits").unwrap();
        assert_eq!(limits, [("x", 1), ("y", 2), ("z", 2)].map(|(k, v)| (k.to_owned(), v)).into());
        assert_eq!((number("b", "port"), number("b", "limits.x")), (Some(4000), Some(3)));
        let twice = [entry("b", "port", 1), entry("c", "x", 1), entry("b", "port", 2)];
        let expected = PutError::Twice { app: "b".to_owned(), key: "port".to_owned() };
        assert_eq!(env::put_all(twice), Err(expected));
        let odd = [entry("c", "x", 1), entry("c", "y", HashMap::from([(vec![1], 1)]))];
        let error = env::put_all(odd).unwrap_err();
        assert!(error.to_string().starts_with("c.y: this cannot be a configuration value"));
        assert_eq!((number("b", "port"), number("c", "x")), (Some(4000), None));
    });
}

/// APP-ENV-05: values have any type; a wrong one is an error of `fetch`, and no panic of `get`.
#[test]
fn a_wrong_type_is_an_error_of_fetch() {
    paused(async {
        env::put("a", "list", ["x", "y"]).unwrap();
        assert_eq!(env::get::<u16>("a", "list"), None);
        assert_eq!(env::get_or("a", "list", 5), 5);
        let error = env::fetch::<Vec<u16>>("a", "list").unwrap_err();
        let EnvError::WrongType { source, wrong, .. } = &error else { panic!("{error}") };
        assert_eq!(*source, Some(ConfigSource::Put));
        assert_eq!((&*wrong.inside, &*wrong.expected), ("[0]", "u16"));
        let expected = "a.list: at `[0]`: expected u16, found string \"x\" in a value put at run \
                        time";
        assert_eq!(error.to_string(), expected);
    });
}

/// APP-ENV-07: an unknown application gives the default; `fetch` tells it from an unset key.
#[test]
fn an_unknown_application_is_not_an_unset_key() {
    paused(async {
        assert_eq!(env::get_or("nobody", "x", 7), 7);
        let unknown = EnvError::UnknownApplication { app: "nobody".to_owned() };
        assert_eq!(env::fetch::<i64>("nobody", "x"), Err(unknown));
        env::put("somebody", "y", 1).unwrap();
        let unset = EnvError::Unset { app: "somebody".to_owned(), key: "x".to_owned() };
        assert_eq!(env::fetch::<i64>("somebody", "x"), Err(unset));
    });
}

/// APP-ENV-02: defaults, then files and providers in their order, then what is put.
#[test]
fn files_and_providers_stand_between_defaults_and_puts() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("env-files");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("a.toml");
    let all = "[a]\nx = 2\ny = 2\nz = 2\n[b]\nx = 2\n";
    std::fs::write(&file, all).unwrap();
    paused(async move {
        env::load("a", numbers([("w", 1), ("x", 1), ("y", 1), ("z", 1)])).unwrap();
        env::put("a", "z", 4).unwrap();
        env::load_file(&file).unwrap();
        assert_eq!(number("b", "x"), Some(2), "an application that nobody has loaded");
        env::provide(|values| {
            assert_eq!(values.get("a.y"), Some(2));
            values.put("a.y", 3)?;
            Ok(values.put("a.z", 3)?)
        })
        .unwrap();
        let read = ["w", "x", "y", "z"].map(|key| number("a", key).unwrap());
        assert_eq!(read, [1, 2, 3, 4]);
        let failed = env::provide(|values| {
            values.put("a.x", 9)?;
            Err("no vault".into())
        });
        assert_eq!(failed.unwrap_err().to_string(), "a provider: no vault");
        assert!(env::load_file(file.with_extension("absent")).is_err());
        assert_eq!(number("a", "x"), Some(2));
        // A load comes after: the file stays above the defaults, what was put does not.
        env::load("a", numbers([("x", 1), ("z", 1)])).unwrap();
        assert_eq!((number("a", "x"), number("a", "z")), (Some(2), Some(3)));
    });
}

#[test]
fn every_runtime_has_values_of_its_own() {
    env::put("outside", "x", 1).unwrap();
    paused(async {
        assert_eq!(number("outside", "x"), Some(1), "they start with what was put outside");
        env::put("outside", "x", 2).unwrap();
    });
    paused(async { assert_eq!(number("outside", "x"), Some(1)) });
    assert_eq!(number("outside", "x"), Some(1));
}
