//! What the parts of a process are called when two versions are compared, in each language: a word that a language lacks does not compile.

use crate::words::Language;
use forloeb_core::name::Name;

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the English word that it stands for")]
pub enum Thing {
    ClosedDay,
    Deadline,
    Event,
    Exit,
    Fact,
    Field,
    Link,
    Option,
    Outcome,
    Process,
    Raised,
    Recurring,
    Role,
    Rule,
    Rung,
    Setting,
    Stage,
    Task,
    Tell,
    Text,
    Track,
}

/// What is said of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the English word that it stands for")]
pub enum Aspect {
    Adopt,
    After,
    Because,
    By,
    Calendar,
    Clears,
    Closed,
    ClosedFrom,
    DoneWhen,
    Due,
    Every,
    Falls,
    FaultsTo,
    Fills,
    From,
    Inverse,
    Kind,
    Languages,
    LeadsTo,
    Many,
    Missed,
    OnClosed,
    OnHold,
    Optional,
    Personal,
    Raises,
    Reads,
    Restart,
    Result,
    Role,
    Says,
    Sets,
    ShownAs,
    StartsIn,
    Title,
    ToldBy,
    Tells,
    Told,
    Until,
    Value,
    VisibleTo,
    Weekend,
    When,
    WhileIn,
    With,
    Within,
    Words,
    Years,
    Zone,
}

/// Headings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the English word that it stands for")]
pub enum Section {
    AnyStage,
    Calendar,
    Events,
    Facts,
    Links,
    Outcomes,
    Process,
    Recurring,
    Renamed,
    Roles,
    Rules,
    Settings,
    Tasks,
    Texts,
    Tracks,
}

/// `english` or `danish`, whichever is read.
pub fn either(language: Language, english: &'static str, danish: &'static str) -> &'static str {
    match language {
        Language::English => english,
        Language::Danish => danish,
    }
}

impl Thing {
    pub fn word(self, language: Language) -> &'static str {
        let (english, danish) = match self {
            Self::ClosedDay => ("closed day", "lukkedag"),
            Self::Deadline => ("deadline", "frist"),
            Self::Event => ("event", "hændelse"),
            Self::Exit => ("exit", "udgang"),
            Self::Fact => ("fact", "oplysning"),
            Self::Field => ("field", "felt"),
            Self::Link => ("link", "tilknytning"),
            Self::Option => ("option", "svarmulighed"),
            Self::Outcome => ("outcome", "udfald"),
            Self::Process => ("process", "forløbstype"),
            Self::Raised => ("task", "opgave"),
            Self::Recurring => ("recurring work", "fast opgave"),
            Self::Role => ("role", "rolle"),
            Self::Rule => ("rule", "regel"),
            Self::Rung => ("step", "trappetrin"),
            Self::Setting => ("setting", "indstilling"),
            Self::Stage => ("stage", "trin"),
            Self::Task => ("task", "opgave"),
            Self::Tell => ("telling", "besked"),
            Self::Text => ("text", "tekst"),
            Self::Track => ("track", "spor"),
        };
        either(language, english, danish)
    }

    /// Several of them, whose order differs.
    pub fn together(self, language: Language) -> &'static str {
        let (english, danish) = match self {
            Self::ClosedDay => ("closed days", "lukkedage"),
            Self::Deadline => ("deadlines", "frister"),
            Self::Event => ("events", "hændelser"),
            Self::Exit => ("exits", "udgange"),
            Self::Fact => ("facts", "oplysninger"),
            Self::Field => ("fields", "felter"),
            Self::Link => ("links", "tilknytninger"),
            Self::Option => ("options", "svarmuligheder"),
            Self::Outcome => ("outcomes", "udfald"),
            Self::Process => ("processes", "forløbstyper"),
            Self::Raised | Self::Task => ("tasks", "opgaver"),
            Self::Recurring => ("recurring work", "faste opgaver"),
            Self::Role => ("roles", "roller"),
            Self::Rule => ("rules", "regler"),
            Self::Rung => ("steps", "trappetrin"),
            Self::Setting => ("settings", "indstillinger"),
            Self::Stage => ("stages", "trin"),
            Self::Tell => ("tellings", "beskeder"),
            Self::Text => ("texts", "tekster"),
            Self::Track => ("tracks", "spor"),
        };
        either(language, english, danish)
    }
}

impl Aspect {
    pub fn word(self, language: Language) -> &'static str {
        let (english, danish) = match self {
            Self::Adopt => (
                "open cases go over by themselves",
                "åbne forløb følger med af sig selv",
            ),
            Self::After => ("opens after", "åbner efter"),
            Self::Because => ("because", "fordi"),
            Self::By => ("reported by", "indberettes af"),
            Self::Calendar => ("calendar", "kalender"),
            Self::Clears => ("empties", "tømmer"),
            Self::Closed => ("closed because of", "lukket på grund af"),
            Self::ClosedFrom => ("closed from", "lukket fra"),
            Self::DoneWhen => ("is done when", "er løst, når"),
            Self::Due => ("due within", "skal løses inden for"),
            Self::Every => ("comes", "kommer"),
            Self::Falls => ("falls on", "falder"),
            Self::FaultsTo => ("hears when a rule fails", "får besked, når en regel fejler"),
            Self::Fills => ("fills in", "udfylder"),
            Self::From => ("runs from", "regnes fra"),
            Self::Inverse => ("kept in step with", "følges med"),
            Self::Kind => ("kind", "slags"),
            Self::Languages => ("languages", "sprog"),
            Self::LeadsTo => ("leads to", "fører til"),
            Self::Many => ("to several", "til flere"),
            Self::Missed => ("when missed", "når den er sprunget over"),
            Self::OnClosed => ("on a closed day", "på en lukkedag"),
            Self::OnHold => ("during a hold", "under en pause"),
            Self::Optional => ("may be left out", "kan udelades"),
            Self::Personal => ("personal", "personlig"),
            Self::Raises => ("raises the task", "rejser opgaven"),
            Self::Reads => ("reads", "læser"),
            Self::Restart => ("begins anew", "begynder forfra"),
            Self::Result => ("counts as", "tæller som"),
            Self::Role => ("for", "for"),
            Self::Says => ("says", "siger"),
            Self::Sets => ("sets", "sætter"),
            Self::ShownAs => ("cases are known by", "forløb kendes på"),
            Self::StartsIn => ("begins in", "begynder i"),
            Self::Title => ("title", "titel"),
            Self::ToldBy => ("told by", "fortælles af"),
            Self::Tells => ("tells", "fortæller"),
            Self::Told => ("to", "til"),
            Self::Until => ("waits for", "venter på"),
            Self::Value => ("value", "værdi"),
            Self::VisibleTo => ("seen by", "ses af"),
            Self::Weekend => ("weekend", "weekend"),
            Self::When => ("when", "når"),
            Self::WhileIn => ("while in", "så længe i"),
            Self::With => ("with", "med"),
            Self::Within => ("within", "inden for"),
            Self::Words => ("words", "ordlyd"),
            Self::Years => ("years", "år"),
            Self::Zone => ("time zone", "tidszone"),
        };
        either(language, english, danish)
    }
}

impl Section {
    pub fn heading(self, language: Language) -> &'static str {
        let (english, danish) = match self {
            Self::AnyStage => ("In every stage", "På hvert trin"),
            Self::Calendar => ("Calendar", "Kalender"),
            Self::Events => ("Events", "Hændelser"),
            Self::Facts => ("Facts", "Oplysninger"),
            Self::Links => ("Links", "Tilknytninger"),
            Self::Outcomes => ("Outcomes", "Udfald"),
            Self::Process => ("Process", "Forløbstype"),
            Self::Recurring => ("Recurring work", "Faste opgaver"),
            Self::Renamed => ("Names of before", "Navne fra før"),
            Self::Roles => ("Roles", "Roller"),
            Self::Rules => ("Rules", "Regler"),
            Self::Settings => ("Settings", "Indstillinger"),
            Self::Tasks => ("Tasks that something raises", "Opgaver, som noget rejser"),
            Self::Texts => ("Texts", "Tekster"),
            Self::Tracks => ("Tracks and stages", "Spor og trin"),
        };
        either(language, english, danish)
    }

    /// Its name in data.
    pub fn name(self) -> &'static str {
        match self {
            Self::AnyStage => "any_stage",
            Self::Calendar => "calendar",
            Self::Events => "events",
            Self::Facts => "facts",
            Self::Links => "links",
            Self::Outcomes => "outcomes",
            Self::Process => "process",
            Self::Recurring => "recurring",
            Self::Renamed => "renamed",
            Self::Roles => "roles",
            Self::Rules => "rules",
            Self::Settings => "settings",
            Self::Tasks => "tasks",
            Self::Texts => "texts",
            Self::Tracks => "stages",
        }
    }
}

/// What is compared, as the heading of the page calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// A process as its files say it.
    Files(Name),
    /// A process with an overlay, as their files say it.
    Overlay(Name, Name),
    /// A stored version, by the beginning of its name, with its overlay.
    Stored(String, Option<Name>),
    /// The version in force.
    InForce(String, Option<Name>),
}

/// One side of a comparison in words.
#[must_use]
pub fn side(language: Language, side: &Side) -> String {
    let over = |overlay: &Option<Name>| match overlay {
        Some(overlay) => format!(" ({} {overlay})", either(language, "with", "med")),
        None => String::new(),
    };
    match side {
        Side::Files(process) => {
            format!("{process} ({})", either(language, "the files", "filerne"))
        }
        Side::Overlay(overlay, process) => {
            format!("{overlay} {} {process}", either(language, "over", "over"))
        }
        Side::Stored(plan, overlay) => {
            format!("{}{}", language.tongue().version(plan), over(overlay))
        }
        Side::InForce(plan, overlay) => {
            let version = language.tongue().version(plan);
            let word = either(language, "in force", "gældende");
            format!("{version}{}, {word}", over(overlay))
        }
    }
}
