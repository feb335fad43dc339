//! Goes through a rule as it would run, with what is known of each value instead of the value.

use super::{reads::Gathered, sort::Sort};
use crate::{
    diagnostic::{Diagnostic, Severity, Span},
    scripts::{
        calls::{anonymous, closure},
        limits::CALL_LEVELS,
        position,
        read::File,
    },
};
use forloeb_core::{
    name::Name,
    plan::{Plan, RuleUse},
};
use rhai::{ASTFlags, BinaryExpr, Expr, FlowControl, Position, Stmt};
use std::collections::BTreeMap;

/// Most expressions that are gone through for one rule: functions that call each other in many ways could take for ever.
const MOST: u32 = 200_000;
/// Loops inside each other that are gone through until it is known what their variables become; deeper ones once.
const LOOPS: usize = 3;
/// How often such a loop is gone through at most: a variable in it can become what another one was, and that what a third one was.
const ROUNDS: usize = 6;

/// A variable of the function that is being gone through.
#[derive(Clone, Debug, PartialEq)]
struct Variable {
    name: Name,
    sort: Sort,
    /// A function without a name shares it, and may have been gone through with what was known of it before.
    shared: bool,
}

/// A walk through a rule.
pub(super) struct Walk<'a> {
    pub(super) file: &'a File,
    pub(super) rule: &'a RuleUse,
    pub(super) plan: &'a Plan,
    pub(super) others: &'a BTreeMap<Name, Plan>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) gathered: Gathered,
    variables: Vec<Variable>,
    returns: Sort,
    /// The functions that are being gone through, and what those gone through returned, by what they were given.
    known: Vec<(Name, Vec<Sort>, Sort)>,
    loops: usize,
    /// A loop was left with a value.
    broke_with: bool,
    depth: usize,
    gone_through: u32,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        file: &'a File,
        rule: &'a RuleUse,
        plan: &'a Plan,
        others: &'a BTreeMap<Name, Plan>,
    ) -> Self {
        Self {
            file,
            rule,
            plan,
            others,
            diagnostics: Vec::new(),
            gathered: Gathered::default(),
            variables: Vec::new(),
            returns: Sort::Nothing,
            known: Vec::new(),
            loops: 0,
            broke_with: false,
            depth: 0,
            gone_through: 0,
        }
    }

    pub(super) fn span(&self, at: Position) -> Span {
        position::span(&self.file.source, at)
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        message: String,
        help: Option<String>,
    ) {
        self.diagnostics.push(Diagnostic {
            code,
            severity: Severity::Error,
            span,
            message,
            label: None,
            also: Vec::new(),
            help,
        });
    }

    /// Goes through a function that is given these; what it returns.
    pub(super) fn function(&mut self, name: &Name, given: Vec<Sort>) -> Sort {
        let done = self
            .known
            .iter()
            .find(|(known, with, _)| known == name && *with == given);
        if let Some((.., returns)) = done {
            return returns.clone();
        }
        // What is nested deeper fails when it runs, and would use up the stack here.
        if self.depth > CALL_LEVELS {
            self.gathered.cut();
            return Sort::Any;
        }
        let file = self.file;
        let Some(function) = file.functions.get(name) else {
            return Sort::Any;
        };
        let place = self.known.len();
        self.known.push((name.clone(), given.clone(), Sort::Any));
        let shared = anonymous(name);
        let param = |(name, sort): (&Name, Sort)| Variable {
            name: name.clone(),
            sort,
            shared,
        };
        let variables = function.params.iter().zip(given).map(param).collect();
        let outer = std::mem::replace(&mut self.variables, variables);
        let outer_returns = std::mem::replace(&mut self.returns, Sort::Nothing);
        let outer_loops = std::mem::take(&mut self.loops);
        self.depth += 1;
        let last = self.block(&function.body);
        self.depth -= 1;
        self.loops = outer_loops;
        let returned = std::mem::replace(&mut self.returns, outer_returns);
        self.variables = outer;
        let returns = returned.join(last);
        if let Some(known) = self.known.get_mut(place) {
            known.2 = returns.clone();
        }
        returns
    }

    /// Whether a function has been gone through, whatever it was given.
    pub(super) fn has_gone_through(&self, name: &Name) -> bool {
        self.known.iter().any(|(known, ..)| known == name)
    }

    fn variable(&mut self, name: &str) -> Option<&mut Variable> {
        let mut known = self.variables.iter_mut().rev();
        known.find(|known| known.name == *name)
    }

    /// A function without a name shares these variables.
    pub(super) fn share<'e>(&mut self, used: impl IntoIterator<Item = &'e Expr>) {
        for one in used {
            if let Expr::Variable(variable, ..) = one
                && let Some(known) = self.variable(&variable.1)
            {
                known.shared = true;
            }
        }
    }

    fn block(&mut self, statements: &[Stmt]) -> Sort {
        let outer = self.variables.len();
        let mut last = Sort::Nothing;
        for statement in statements {
            last = self.statement(statement);
        }
        self.variables.truncate(outer);
        last
    }

    fn statement(&mut self, statement: &Stmt) -> Sort {
        match statement {
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::FnCall(call, at) => self.call(call, *at),
            Stmt::Block(block) => self.block(block.statements()),
            Stmt::If(flow, _) => {
                self.expression(&flow.expr);
                let then = self.block(flow.body.statements());
                then.join(self.block(flow.branch.statements()))
            }
            Stmt::Var(variable, ..) => {
                let sort = self.expression(&variable.1);
                self.variables.push(Variable {
                    name: variable.0.name.as_str().into(),
                    sort,
                    shared: false,
                });
                Sort::Nothing
            }
            Stmt::Assignment(assignment) => self.assignment(&assignment.1),
            Stmt::While(flow, _) | Stmt::Do(flow, ..) => {
                self.repeated(flow, &[]);
                Sort::Any
            }
            Stmt::For(each, _) => {
                let element = self.expression(&each.2.expr).element();
                let variable = |name: &str, sort| Variable {
                    name: name.into(),
                    sort,
                    shared: false,
                };
                let mut variables = vec![variable(&each.0.name, element)];
                if let Some(counter) = &each.1 {
                    variables.push(variable(&counter.name, Sort::Number));
                }
                let outer = std::mem::take(&mut self.broke_with);
                self.repeated(&each.2, &variables);
                match std::mem::replace(&mut self.broke_with, outer) {
                    true => Sort::Any,
                    false => Sort::Nothing,
                }
            }
            Stmt::Return(value, options, _) => {
                let sort = value
                    .as_ref()
                    .map_or(Sort::Nothing, |value| self.expression(value));
                if !options.intersects(ASTFlags::BREAK) {
                    let returns = std::mem::replace(&mut self.returns, Sort::Nothing);
                    self.returns = returns.join(sort);
                }
                Sort::Nothing
            }
            Stmt::BreakLoop(value, ..) => {
                if let Some(value) = value {
                    self.expression(value);
                    self.broke_with = true;
                }
                Sort::Nothing
            }
            _ => Sort::Nothing,
        }
    }

    /// The body of a loop, with the variables that it sets. Again and again, until the variables outside stay what they have become;
    /// only the last time counts, and what the functions called there found.
    fn repeated(&mut self, flow: &FlowControl, variables: &[Variable]) {
        self.loops += 1;
        let rounds = if self.loops <= LOOPS { ROUNDS } else { 1 };
        let (silent, known, lost) = (self.diagnostics.len(), self.known.len(), self.gathered.lost);
        for round in 1..=rounds {
            self.diagnostics.truncate(silent);
            self.known.truncate(known);
            self.gathered.lost = lost;
            let before = self.variables.clone();
            let outer = before.len();
            self.variables.extend_from_slice(variables);
            if variables.is_empty() {
                self.expression(&flow.expr);
            }
            self.block(flow.body.statements());
            self.variables.truncate(outer);
            if self.variables == before {
                break;
            }
            if round == rounds {
                self.gathered.lose();
            }
        }
        self.loops -= 1;
    }

    fn assignment(&mut self, sides: &BinaryExpr) -> Sort {
        let sort = self.expression(&sides.rhs);
        match &sides.lhs {
            Expr::Variable(variable, ..) => {
                if let Some(known) = self.variable(&variable.1) {
                    let joined = known.sort.clone().join(sort);
                    let shared = known.shared && joined != known.sort;
                    known.sort = joined;
                    if shared {
                        self.gathered.stray();
                    }
                }
            }
            Expr::Dot(chain, options, _) | Expr::Index(chain, options, _) => {
                let of = self.expression(&chain.lhs);
                let dot = matches!(sides.lhs, Expr::Dot(..));
                self.keys(dot, &chain.rhs, options.intersects(ASTFlags::BREAK));
                self.put(None, &sort);
                if !matches!(of, Sort::Any | Sort::Nothing | Sort::Map(_) | Sort::List(_)) {
                    let span = self.span(chain.rhs.start_position());
                    let message = format!("{} cannot be changed by a rule", of.people());
                    let help = "a rule says what it finds, with `nudge`, `escalate` and `raise`";
                    self.error("rule-unlike", span, message, Some(help.to_owned()));
                }
            }
            _ => {}
        }
        Sort::Nothing
    }

    /// What is known of an expression.
    pub(super) fn expression(&mut self, expression: &Expr) -> Sort {
        self.gone_through += 1;
        if self.gone_through > MOST {
            self.gathered.cut();
            return Sort::Any;
        }
        match expression {
            Expr::IntegerConstant(..) => Sort::Number,
            Expr::BoolConstant(..) => Sort::YesNo,
            Expr::CharConstant(..) => Sort::Text,
            Expr::StringConstant(text, _) => Sort::Word(text.as_str().into()),
            Expr::Unit(_) => Sort::Nothing,
            Expr::InterpolatedString(parts, _) => {
                for part in parts {
                    self.expression(part);
                }
                Sort::Text
            }
            Expr::Array(elements, _) => {
                let sorts = elements.iter().map(|element| self.expression(element));
                let element = sorts.reduce(Sort::join).unwrap_or(Sort::Any);
                Sort::List(Box::new(element))
            }
            Expr::Map(entries, _) => {
                let entries = entries.0.iter();
                let entry = entries
                    .map(|(key, value)| (Name::from(key.name.as_str()), self.expression(value)));
                Sort::Map(Some(entry.collect()))
            }
            Expr::Variable(variable, ..) => {
                let found = self.variable(&variable.1);
                found.map_or(Sort::Any, |known| known.sort.clone())
            }
            Expr::DynamicConstant(value, _) => match closure(expression) {
                Some(name) => Sort::Function(name, Vec::new()),
                None if value.is_decimal() => Sort::Number,
                None => Sort::Any,
            },
            Expr::Stmt(block) => self.block(block.statements()),
            Expr::FnCall(call, at) => self.call(call, *at),
            Expr::Dot(chain, options, _) | Expr::Index(chain, options, _) => {
                let first = self.expression(&chain.lhs);
                let dot = matches!(expression, Expr::Dot(..));
                self.follow(first, dot, &chain.rhs, options.intersects(ASTFlags::BREAK))
            }
            Expr::And(parts, _) | Expr::Or(parts, _) => {
                for part in parts.iter() {
                    self.expression(part);
                }
                Sort::YesNo
            }
            Expr::Coalesce(parts, _) => {
                let sorts = parts.iter().map(|part| self.expression(part));
                sorts.reduce(Sort::join).unwrap_or(Sort::Any)
            }
            _ => Sort::Any,
        }
    }

    /// The rest of a chain such as `.last("e").at`, from what stands before it.
    fn follow(&mut self, before: Sort, dot: bool, rest: &Expr, ends: bool) -> Sort {
        match rest {
            Expr::Dot(chain, options, _) | Expr::Index(chain, options, _) if !ends => {
                let next = self.link_of(before, dot, &chain.lhs);
                let dot = matches!(rest, Expr::Dot(..));
                self.follow(next, dot, &chain.rhs, options.intersects(ASTFlags::BREAK))
            }
            last => self.link_of(before, dot, last),
        }
    }

    /// One link of a chain.
    fn link_of(&mut self, before: Sort, dot: bool, link: &Expr) -> Sort {
        match link {
            Expr::Property(property, at) if dot => {
                let name = Name::from(property.2.as_str());
                self.property(&before, &name, *at)
            }
            Expr::MethodCall(call, at) if dot => self.member(before, call, *at),
            index => {
                self.expression(index);
                before.element()
            }
        }
    }
}
