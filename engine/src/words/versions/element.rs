//! What a plan is told as: elements with parts, in lists. What a part means is kept beside its words, so that sameness never hangs on words.

use super::{
    names::{Aspect, Thing},
    touch::Touch,
};
use forloeb_core::{ground::Ground, text::Text};
use serde::Serialize;
use serde_json::Value;

/// An element: a stage, a task, a text.
#[derive(Clone, Debug)]
pub struct Element {
    pub thing: Thing,
    /// Its name in the address.
    pub name: String,
    /// What it is called within a sentence: `stage “Deep water”`.
    pub called: String,
    /// The same with what it is, for one that comes or goes.
    pub whole: String,
    pub ground: Ground,
    pub touch: Touch,
    pub parts: Vec<Part>,
    pub lists: Vec<List>,
    /// By which it is recognised in the other version, the surest first.
    pub alike: Vec<Value>,
    /// What is under it stands under a heading of its own.
    pub heads: bool,
}

/// Elements that stand together.
#[derive(Clone, Debug)]
pub struct List {
    /// The key under which they stand in the address.
    pub key: &'static str,
    pub elements: Vec<Element>,
    /// What they are called together when their order differs.
    pub together: Thing,
}

/// One thing that is said of an element.
#[derive(Clone, Debug)]
pub struct Part {
    pub aspect: Aspect,
    /// Its key in the address.
    pub key: &'static str,
    pub said: Said,
    /// Where it stands, where that is known better than by its address.
    pub ground: Option<Ground>,
}

/// What is said.
#[derive(Clone, Debug)]
pub enum Said {
    /// A text for people, which may differ in one language only.
    Text(Text),
    /// Something else: what it means, and its words; no words where nothing is said.
    Words { meant: Value, words: String },
}

impl Part {
    pub fn text(aspect: Aspect, key: &'static str, text: &Text) -> Self {
        Self {
            aspect,
            key,
            said: Said::Text(text.clone()),
            ground: None,
        }
    }

    pub fn words(aspect: Aspect, key: &'static str, meant: &impl Serialize, words: String) -> Self {
        Self {
            aspect,
            key,
            said: Said::Words {
                meant: meaning(meant),
                words,
            },
            ground: None,
        }
    }

    pub fn at(mut self, ground: &Ground) -> Self {
        self.ground = Some(ground.clone());
        self
    }
}

/// What something means: its data without the places where it stands.
pub fn meaning(value: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(value).unwrap_or_default();
    forget_places(&mut value);
    value
}

fn forget_places(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, inner| !is_place(inner));
            map.values_mut().for_each(forget_places);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_places),
        _ => {}
    }
}

/// A ground is an object of a file, a line and a column; nothing else in a plan has a number under the key `line`.
fn is_place(value: &Value) -> bool {
    value.as_object().is_some_and(|map| {
        map.len() == 3
            && map.get("file").is_some_and(Value::is_string)
            && map.get("line").is_some_and(Value::is_number)
            && map.get("column").is_some_and(Value::is_number)
    })
}
