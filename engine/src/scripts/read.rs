//! Reads rule files: which rules there are, what they are described as, and what is wrong with a file by itself. What is
//! wrong with a rule in a process is found by `check`.

use super::{calls, comment, engine, limits, meaning, position, wording};
use crate::diagnostic::{Diagnostic, Severity, Source, Span};
use forloeb_core::{name::Name, plan::Described};
use rhai::{AST, ASTNode, Engine, Position, Stmt};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A rule file that could be read.
pub(super) struct File {
    pub(super) source: Arc<Source>,
    pub(super) ast: AST,
    /// Its functions by name, those without a name (`|x| ..`) included.
    pub(super) functions: BTreeMap<Name, Function>,
}

/// A function of a rule file.
pub(super) struct Function {
    pub(super) params: Vec<Name>,
    pub(super) body: Vec<Stmt>,
    /// Where its body begins and ends.
    from: Position,
    to: Position,
    comments: Vec<String>,
}

/// A rule.
pub(super) struct Rule {
    pub(super) file: Arc<File>,
    pub(super) function: Name,
    pub(super) described: Described,
}

/// All rules of a programme.
#[derive(Default)]
pub(super) struct Rules {
    rules: BTreeMap<Name, Rule>,
    words: Vec<Name>,
    paths: Arc<BTreeSet<Name>>,
}

impl Rules {
    pub(super) fn get(&self, rule: &str) -> Option<&Rule> {
        self.rules.get(rule)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        self.rules.keys()
    }

    /// Every property name in the files.
    pub(super) fn words(&self) -> &[Name] {
        &self.words
    }

    /// The paths of the files.
    pub(super) fn paths(&self) -> &Arc<BTreeSet<Name>> {
        &self.paths
    }

    /// What a rule means: its function and those of its file that it calls, without comments and layout.
    pub(super) fn meaning(&self, rule: &str) -> Option<String> {
        let rule = self.rules.get(rule)?;
        let mut reached = BTreeSet::new();
        calls::reach(&rule.file, &rule.function, &mut reached);
        let text = &rule.file.source.text;
        let mut whole = String::new();
        for name in reached {
            let function = rule.file.functions.get(&name)?;
            let params: Vec<&str> = function.params.iter().map(Name::as_str).collect();
            let start = position::byte(text, function.from);
            let end = position::byte(text, function.to);
            let body = text.get(start..=end).unwrap_or_default();
            whole += &format!(
                "fn {name}({}){}\n",
                params.join(","),
                meaning::meaning(body)
            );
        }
        Some(whole)
    }
}

impl Rules {
    /// The lines of a rule and of what it calls that mean something, each with its number, in the order of the file.
    pub(super) fn lines(&self, rule: &str) -> Vec<(u32, String, String)> {
        let Some(rule) = self.rules.get(rule) else {
            return Vec::new();
        };
        let mut reached = BTreeSet::new();
        calls::reach(&rule.file, &rule.function, &mut reached);
        let functions = reached
            .iter()
            .filter_map(|name| rule.file.functions.get(name));
        let stretches: Vec<(usize, usize)> = functions
            .filter_map(|function| Some((function.from.line()?, function.to.line()?)))
            .collect();
        let numbered = (1_usize..).zip(rule.file.source.text.lines());
        let inside = numbered.filter(|(number, _)| {
            let within = |(from, to): &(usize, usize)| from <= number && number <= to;
            stretches.iter().any(within)
        });
        inside
            .filter_map(|(number, line)| {
                let meant = meaning::meaning(line);
                let number = u32::try_from(number).ok()?;
                (!meant.is_empty()).then(|| (number, line.trim().to_owned(), meant))
            })
            .collect()
    }
}

/// Reads the files `rules/<principle>.rhai`.
pub(super) fn read(sources: &[Arc<Source>]) -> (Rules, Vec<Diagnostic>) {
    let reader = engine::reader();
    let (mut rules, mut diagnostics) = (Rules::default(), Vec::new());
    let (mut words, mut paths) = (BTreeSet::new(), BTreeSet::new());
    for source in sources {
        paths.insert(source.path.clone());
        match file(&reader, source) {
            Ok(file) => {
                calls::words(&file, &mut words);
                take(&mut rules.rules, &Arc::new(file), &mut diagnostics);
            }
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    rules.words = words.into_iter().collect();
    rules.paths = Arc::new(paths);
    (rules, diagnostics)
}

/// A rule that no process uses.
pub(super) fn unused(name: &Name, rule: &Rule) -> Diagnostic {
    let line = u16::try_from(rule.described.ground.line).unwrap_or(u16::MAX);
    let span = position::word(&rule.file.source, Position::new(line, 1), &rule.function);
    Diagnostic::warning("unused-rule", &span, format!("no process uses the rule `{name}`")).help(format!(
        "name it under `rules:` of a process or of a stage; a function whose name begins with `_` only helps others: `_{}`",
        rule.function
    ))
}

/// What a rule says in languages that no process that uses it has: nobody would ever read it.
pub(super) fn unread(name: &Name, rule: &Rule, languages: &BTreeSet<Name>) -> Vec<Diagnostic> {
    let line = u16::try_from(rule.described.ground.line).unwrap_or(u16::MAX);
    let head = position::word(&rule.file.source, Position::new(line, 1), &rule.function);
    let known: Vec<String> = languages.iter().map(|one| format!("`{one}`")).collect();
    let marked = rule.described.in_languages.0.keys();
    let unknown = marked.filter(|language| !languages.contains(*language));
    unknown
        .map(|language| {
            let span = comment::mark(&rule.file.source, &head, language);
            let message = format!("no process that uses the rule `{name}` has the language `{language}`");
            Diagnostic::warning("unknown-language", &span, message).help(format!(
                "there is {}; if `{language}:` begins no description in a language, let the line begin with another word",
                known.join(", ")
            ))
        })
        .collect()
}

fn error(code: &'static str, span: Span, message: String, help: Option<String>) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        span,
        message,
        label: None,
        also: Vec::new(),
        help,
    }
}

/// The principle that a file is about: its name without folder and ending.
fn principle(source: &Source) -> &str {
    let path = source.path.as_str();
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".rhai").unwrap_or(name)
}

fn file(reader: &Engine, source: &Arc<Source>) -> Result<File, Box<Diagnostic>> {
    if source.text.len() > limits::FILE {
        let span = position::span(source, Position::NONE);
        let message = format!("a rule file has at most {} letters", limits::FILE);
        let help = Some("split it by principle".to_owned());
        return Err(Box::new(error("rule-syntax", span, message, help)));
    }
    let mut ast = reader.compile(&source.text).map_err(|why| {
        let span = position::span(source, why.position());
        let word = source.text.get(span.start..span.end).unwrap_or_default();
        let (message, help) = wording::syntax(why.err_type(), word);
        Box::new(error("rule-syntax", span, message, help))
    })?;
    ast.set_source(source.path.as_str());
    let functions = functions(&ast);
    Ok(File {
        source: Arc::clone(source),
        ast,
        functions,
    })
}

fn functions(ast: &AST) -> BTreeMap<Name, Function> {
    let defined = ast.shared_lib().iter_script_fn_info();
    defined
        .map(|(.., name, _, function)| {
            let read = Function {
                params: function
                    .params
                    .iter()
                    .map(|name| name.as_str().into())
                    .collect(),
                body: body(ast, name),
                from: function.body.start_position(),
                to: function.body.end_position(),
                comments: function.comments.iter().map(ToString::to_string).collect(),
            };
            (Name::from(name), read)
        })
        .collect()
}

/// The statements of a function. The engine shows them only while walking through them.
fn body(ast: &AST, name: &str) -> Vec<Stmt> {
    let mut alone = ast.clone_functions_only();
    alone.retain_functions(|_, _, other, _| other == name);
    let mut statements = Vec::new();
    alone.walk(&mut |path: &[ASTNode]| {
        if let [ASTNode::Stmt(statement)] = path {
            statements.push((*statement).clone());
        }
        true
    });
    statements
}

/// Takes the rules of a file, and finds what is wrong with it by itself.
fn take(rules: &mut BTreeMap<Name, Rule>, file: &Arc<File>, diagnostics: &mut Vec<Diagnostic>) {
    for statement in file.ast.statements() {
        if let Stmt::Noop(_) = statement {
            continue;
        }
        diagnostics.push(error(
            "rule-statement",
            position::span(&file.source, statement.position()),
            "a statement stands outside of every function".to_owned(),
            Some("a rule file holds only functions; put it into the one that needs it".to_owned()),
        ));
    }
    doubled(file, diagnostics);
    let principle = principle(&file.source);
    for (name, function) in &file.functions {
        if calls::anonymous(name) || name.starts_with('_') {
            continue;
        }
        let at = head(file, name, function.from);
        match function.params.as_slice() {
            [it] if *it == "it" => {}
            [other] => {
                diagnostics.push(error(
                    "rule-parameter",
                    at,
                    format!("the rule `{name}` calls its case `{other}`"),
                    Some(format!(
                        "call it `it`, or name the function `_{name}` if it only helps other rules"
                    )),
                ));
                continue;
            }
            _ => continue,
        }
        let said = comment::said(&function.comments);
        if said.plain.is_empty() && said.marked.is_empty() {
            diagnostics.push(error(
                "rule-undescribed",
                at.clone(),
                format!("the rule `{name}` has no description"),
                Some(
                    "say above it what it watches for and why, on lines that begin with `///`"
                        .to_owned(),
                ),
            ));
        }
        let rule = Rule {
            file: Arc::clone(file),
            function: name.clone(),
            described: Described {
                description: said.plain,
                in_languages: said.marked,
                ground: at.ground(),
            },
        };
        rules.insert(Name::from(format!("{principle}.{name}")), rule);
    }
    calls::check(file, diagnostics);
}

/// Two functions of one name that take different numbers of arguments: the language allows it, people lose track.
fn doubled(file: &File, diagnostics: &mut Vec<Diagnostic>) {
    let mut heads: Vec<_> = file.ast.shared_lib().iter_script_fn_info().collect();
    heads.sort_by_key(|(.., function)| {
        let at = function.body.start_position();
        (at.line(), at.position())
    });
    let mut names = BTreeSet::new();
    for (.., name, _, function) in heads {
        if !names.insert(name) {
            diagnostics.push(error(
                "rule-syntax",
                head(file, name, function.body.start_position()),
                format!("the function `{name}` is defined twice"),
                Some("give one of them another name".to_owned()),
            ));
        }
    }
}

/// The name of a function where it is defined.
fn head(file: &File, name: &str, body: Position) -> Span {
    let text = &file.source.text;
    let end = position::byte(text, body);
    let before = text.get(..end).unwrap_or_default();
    let start = before
        .rmatch_indices(name)
        .find(|(at, _)| {
            let after = before.get(at + name.len()..).unwrap_or_default();
            let first = before.get(..*at).unwrap_or_default();
            after.trim_start().starts_with('(') && first.trim_end().ends_with("fn")
        })
        .map_or(end, |(at, _)| at);
    Span {
        source: Arc::clone(&file.source),
        start,
        end: (start + name.len()).min(text.len()),
    }
}
