//! What an application says of itself.

use std::any::Any;
use std::fmt;

use crate::application::{AppInfo, Application, Erased, StartContext, StartType};
use crate::name::short_type_name;
use crate::sync::Arc;

/// Name, description and dependencies of an application; returned by
/// [`Application::spec`](crate::Application::spec).
///
/// ```
/// use otp_core::AppSpec;
///
/// let spec = AppSpec::new("bank")
///     .description("accounts and transfers")
///     .version(env!("CARGO_PKG_VERSION"))
///     .depends_on_named("ledger")
///     .optional("metrics");
/// assert_eq!(spec.name(), "bank");
/// ```
///
/// Elixir: the application resource, `application/0` in `mix.exs`.
#[must_use = "a spec is returned by `Application::spec`"]
pub struct AppSpec {
    name: String,
    description: String,
    version: String,
    dependencies: Vec<Dependency>,
    args: Option<Arc<dyn Any + Send + Sync>>,
    /// The defaults of its environment.
    #[cfg(feature = "config")]
    pub(super) env: Option<crate::env::Entry>,
}

/// An application that another one needs.
pub(super) struct Dependency {
    pub(super) what: Needed,
    /// Nothing is wrong when it is not there.
    pub(super) optional: bool,
}

/// How a dependency was given. By value, its name is known once it is loaded.
pub(super) enum Needed {
    Named(String),
    Value(Arc<dyn Erased>),
}

impl AppSpec {
    /// An application with this name that needs nothing.
    pub fn new(name: impl Into<String>) -> AppSpec {
        AppSpec {
            name: name.into(),
            description: String::new(),
            version: String::new(),
            dependencies: Vec::new(),
            args: None,
            #[cfg(feature = "config")]
            env: None,
        }
    }

    /// An application with the name of its type, in snake case.
    pub fn of<A: ?Sized + 'static>() -> AppSpec {
        AppSpec::new(snake_case(&short_type_name(std::any::type_name::<A>())))
    }

    /// Says what it is.
    pub fn description(mut self, description: impl Into<String>) -> AppSpec {
        self.description = description.into();
        self
    }

    /// Says which version it is.
    pub fn version(mut self, version: impl Into<String>) -> AppSpec {
        self.version = version.into();
        self
    }

    /// Needs `app`, which is loaded with this application if it is not yet.
    pub fn depends_on(self, app: impl Application) -> AppSpec {
        self.dependency(Needed::Value(Arc::new(app)), false)
    }

    /// Needs the application with this name, which somebody else has to load.
    pub fn depends_on_named(self, name: impl Into<String>) -> AppSpec {
        self.dependency(Needed::Named(name.into()), false)
    }

    /// Is started after the application with this name when that is loaded, and without it
    /// otherwise.
    ///
    /// Elixir: `optional_applications:`.
    pub fn optional(self, name: impl Into<String>) -> AppSpec {
        self.dependency(Needed::Named(name.into()), true)
    }

    /// A value for the start callback, read with [`StartContext::args`](crate::StartContext::args).
    ///
    /// Elixir: the second element of `mod: {Module, args}`.
    pub fn start_args<T: Send + Sync + 'static>(mut self, args: T) -> AppSpec {
        self.args = Some(Arc::new(args));
        self
    }

    /// The defaults of its environment, a struct or a map: what [`env::get`](crate::env::get)
    /// finds under the name of the application unless something else is configured. They are
    /// entered when the application is loaded.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use otp_core::AppSpec;
    ///
    /// let spec = AppSpec::new("bank").env(BTreeMap::from([("pool", 4), ("retries", 3)]));
    /// # drop(spec);
    /// ```
    ///
    /// Elixir: `env:` in `application/0`.
    #[cfg(feature = "config")]
    pub fn env(mut self, defaults: impl serde_core::Serialize) -> AppSpec {
        self.env = Some(crate::env::entry(&self.name, "", defaults));
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn dependency(mut self, what: Needed, optional: bool) -> AppSpec {
        self.dependencies.push(Dependency { what, optional });
        self
    }

    pub(super) fn dependencies(&self) -> &[Dependency] {
        &self.dependencies
    }

    /// Replaces the dependencies given by value by their names, in the same order.
    pub(super) fn name_dependencies(&mut self, names: Vec<String>) {
        let mut names = names.into_iter();
        for dependency in &mut self.dependencies {
            if let (Needed::Value(_), Some(name)) = (&dependency.what, names.next()) {
                dependency.what = Needed::Named(name);
            }
        }
    }

    /// The names of what it needs, and whether it can do without.
    pub(super) fn needs(&self) -> impl Iterator<Item = (&str, bool)> {
        self.dependencies.iter().filter_map(|dependency| match &dependency.what {
            Needed::Named(name) => Some((name.as_str(), dependency.optional)),
            Needed::Value(_) => None,
        })
    }

    pub(super) fn info(&self) -> AppInfo {
        AppInfo {
            name: self.name.clone(),
            description: self.description.clone(),
            version: self.version.clone(),
        }
    }

    pub(super) fn context(&self) -> StartContext {
        StartContext {
            name: self.name.clone(),
            start_type: StartType::Normal,
            args: self.args.clone(),
        }
    }
}

impl fmt::Debug for AppSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppSpec")
            .field("name", &self.name)
            .field("description", &self.description)
            .field("version", &self.version)
            .field("dependencies", &self.dependencies)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            Needed::Named(name) => f.write_str(name)?,
            Needed::Value(_) => f.write_str("(by value)")?,
        }
        if self.optional { f.write_str(" (optional)") } else { Ok(()) }
    }
}

/// `BankApp` becomes `bank_app`, `HTTPServer` becomes `http_server`.
fn snake_case(camel: &str) -> String {
    let chars: Vec<char> = camel.chars().collect();
    let mut snake = String::with_capacity(camel.len() + 4);
    for (index, char) in chars.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| chars[before]);
        let begins_word = match before {
            Some(before) if before.is_lowercase() || before.is_numeric() => true,
            Some(before) if before.is_uppercase() => {
                chars.get(index + 1).is_some_and(|after| after.is_lowercase())
            }
            _ => false,
        };
        if char.is_uppercase() && begins_word {
            snake.push('_');
        }
        snake.extend(char.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn a_type_name_becomes_an_application_name() {
        let names = ["App", "BankApp", "HTTPServer", "Web2App", "already_snake"];
        let snake: Vec<String> = names.into_iter().map(snake_case).collect();
        assert_eq!(snake, ["app", "bank_app", "http_server", "web2_app", "already_snake"]);
    }
}
