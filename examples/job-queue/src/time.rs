//! Moments in time, as the database keeps them and people read them.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment, in milliseconds since 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(i64);

impl Time {
    /// The end of the year 9999: what is later cannot be written down.
    const LAST: i64 = 253_402_300_799_999;

    /// This moment.
    pub fn now() -> Time {
        Time(Utc::now().timestamp_millis())
    }

    /// The moment so many milliseconds after 1970 began.
    pub fn from_millis(millis: i64) -> Time {
        Time(millis.clamp(0, Time::LAST))
    }

    /// A moment of a calendar.
    pub fn from_date(date: DateTime<Utc>) -> Time {
        Time::from_millis(date.timestamp_millis())
    }

    /// The moment in a calendar.
    pub fn to_date(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }

    /// So much later.
    pub fn after(self, duration: Duration) -> Time {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Time::from_millis(self.0.saturating_add(millis))
    }

    /// So much earlier.
    pub fn before(self, duration: Duration) -> Time {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Time::from_millis(self.0.saturating_sub(millis))
    }

    /// How long it is from another moment to this one; nothing when that is later.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_date().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        let text = String::deserialize(deserializer)?;
        match DateTime::parse_from_rfc3339(&text) {
            Ok(date) => Ok(Time::from_date(date.to_utc())),
            Err(_) => Err(de::Error::custom("a time looks like \"2026-12-24T18:00:00Z\"")),
        }
    }
}

impl ToSql for Time {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Time {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Time> {
        i64::column_result(value).map(Time::from_millis)
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Time};

    #[test]
    fn times_are_written_and_read() {
        let time = Time::from_millis(1_798_138_800_250);
        assert_eq!(time.to_string(), "2026-12-24T19:00:00.250Z");
        let json = serde_json::to_string(&time).unwrap();
        assert_eq!(serde_json::from_str::<Time>(&json).unwrap(), time);
        let other: Time = serde_json::from_str("\"2026-12-24T20:00:00.250+01:00\"").unwrap();
        assert_eq!(other, time);
        for wrong in ["\"tomorrow\"", "7", "\"2026-12-24\"", "null"] {
            assert!(serde_json::from_str::<Time>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_overflows() {
        let time = Time::from_millis(i64::MAX);
        assert_eq!(time.after(Duration::MAX), time);
        assert_eq!(time.to_string(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Time::from_millis(5).before(Duration::MAX), Time::from_millis(i64::MIN));
        assert_eq!(Time::from_millis(5).since(Time::from_millis(9)), Duration::ZERO);
    }
}
