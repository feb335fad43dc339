//! What is meant where a command does not say: flag before environment before `forloeb.toml` before default, each value with its origin.
//!
//! Nothing here looks into the database: whether there is such a tenant is asked in `tenants`.

use super::context::{Context, TENANT};
use crate::{config::Placed, words::Language};
use clap::{ArgMatches, parser::ValueSource};
use forloeb_core::{ground::Ground, name::Name};
use std::{collections::BTreeMap, env, fmt, path::Path};

/// The arguments of every command whose origin is told, each with its flag and its variable.
const SETTINGS: [(&str, Origin, Origin); 4] = [
    (
        "programme",
        Origin::Flag("--programme"),
        Origin::Environment("FORLOEB_PROGRAMME"),
    ),
    (
        "tenant",
        Origin::Flag("--tenant"),
        Origin::Environment("FORLOEB_TENANT"),
    ),
    (
        "lang",
        Origin::Flag("--lang"),
        Origin::Environment("FORLOEB_LANG"),
    ),
    (
        "db",
        Origin::Flag("--db"),
        Origin::Environment("FORLOEB_DB"),
    ),
];

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag(&'static str),
    /// A variable of the environment.
    Environment(&'static str),
    /// `forloeb.toml`.
    File(Ground),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "flag {flag}"),
            Self::Environment(variable) => write!(f, "environment {variable}"),
            Self::File(ground) => write!(f, "{ground}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value that is settled, and by what.
#[derive(Clone, Debug)]
pub struct Settled<T> {
    pub value: T,
    pub origin: Origin,
}

impl<T: Clone> Settled<T> {
    fn by_default(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }

    pub fn placed(placed: &Placed<T>) -> Self {
        Self {
            value: placed.value.clone(),
            origin: Origin::File(placed.span.ground()),
        }
    }
}

/// Which arguments are given, and whether by the command line or the environment.
#[derive(Clone, Debug, Default)]
pub struct Given(BTreeMap<&'static str, Origin>);

impl Given {
    /// What the command line and the environment give.
    pub fn of(matches: &ArgMatches) -> Self {
        let given = SETTINGS.into_iter().filter_map(|(name, flag, variable)| {
            let origin = match matches.value_source(name)? {
                ValueSource::CommandLine => flag,
                ValueSource::EnvVariable => variable,
                _ => return None,
            };
            Some((name, origin))
        });
        Self(given.collect())
    }

    fn origin(&self, name: &str) -> Origin {
        self.0.get(name).cloned().unwrap_or(Origin::Default)
    }
}

impl Context {
    /// The programme's folder.
    #[must_use]
    pub fn settled_programme(&self) -> Settled<String> {
        Settled {
            value: super::context::shown(&self.common.programme),
            origin: self.common.given.origin("programme"),
        }
    }

    /// The tenant that was asked for by flag or environment.
    #[must_use]
    pub fn asked_tenant(&self) -> Option<Settled<Name>> {
        let name = self.common.tenant.as_deref()?;
        let origin = self.common.given.origin("tenant");
        // A variable that is empty is as good as none.
        let said = !name.is_empty() || matches!(origin, Origin::Flag(_));
        said.then(|| Settled {
            value: Name::from(name),
            origin,
        })
    }

    /// The tenant that a command about cases means; none where the file has several and nobody chose.
    #[must_use]
    pub fn settled_tenant(&self) -> Option<Settled<Name>> {
        if let Some(tenant) = &self.tenant {
            return Some(Settled::by_default(tenant.clone()));
        }
        if let Some(asked) = self.asked_tenant() {
            return Some(asked);
        }
        if let Some(placed) = &self.config.tenant {
            return Some(Settled::placed(placed));
        }
        let mut declared = self.config.tenants.iter();
        match (declared.next(), declared.next()) {
            (None, _) => Some(Settled::by_default(Name::from(TENANT))),
            (Some((only, tenant)), None) => Some(Settled {
                value: only.clone(),
                origin: Origin::File(tenant.span.ground()),
            }),
            (Some(_), Some(_)) => None,
        }
    }

    /// The language of what people in the programme read.
    #[must_use]
    pub fn settled_language(&self) -> Settled<Language> {
        if let Some(language) = self.common.lang {
            return Settled {
                value: language.of_words(),
                origin: self.common.given.origin("lang"),
            };
        }
        let tenant = self.settled_tenant();
        let tenant = tenant.and_then(|tenant| self.config.tenants.get(&tenant.value));
        let of_tenant = tenant.and_then(|tenant| tenant.language.as_ref());
        if let Some(placed) = of_tenant.or(self.config.language.as_ref()) {
            return Settled::placed(placed);
        }
        match env::var("LANG") {
            Ok(lang) if lang.starts_with("da") => Settled {
                value: Language::Danish,
                origin: Origin::Environment("LANG"),
            },
            _ => Settled::by_default(Language::English),
        }
    }

    /// Where the database is.
    #[must_use]
    pub fn settled_db(&self) -> Settled<String> {
        if let Some(db) = &self.common.db {
            return Settled {
                value: db.clone(),
                origin: self.common.given.origin("db"),
            };
        }
        let folder = &self.common.programme;
        match &self.config.db {
            Some(placed) => Settled {
                value: seen_from(folder, &placed.value),
                origin: Origin::File(placed.span.ground()),
            },
            None => Settled::by_default(seen_from(folder, "forloeb.db")),
        }
    }
}

/// A database that is named from a folder. One of another kind is left as it is: opening it says what is wrong.
fn seen_from(folder: &Path, db: &str) -> String {
    let file = db
        .strip_prefix("sqlite://")
        .or_else(|| db.strip_prefix("sqlite:"));
    match file {
        Some(file) => format!("sqlite:{}", folder.join(file).display()),
        None if db.contains("://") => db.to_owned(),
        None => folder.join(db).display().to_string(),
    }
}
