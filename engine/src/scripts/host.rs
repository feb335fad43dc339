//! The host behind the core's `Judge`: hands a view to a rule, and gives back what it answered. Never panics, never
//! runs longer than its limits, and remembers nothing from one evaluation to the next.

use super::{
    engine, fault,
    limits::Limits,
    read::Rules,
    say,
    seen::{It, Seen},
    session::Session,
};
use forloeb_core::{
    ground::Ground,
    judge::{Answer, Fault, Judge, Verdict, View},
    plan::RuleUse,
};
use rhai::{CallFnOptions, Dynamic, Engine, Scope};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
};

/// An engine and its session, used by one thread at a time.
struct Seat {
    engine: Engine,
    session: Arc<Session>,
}

/// Evaluates the rules of a programme. It keeps as many engines as threads have asked it at once.
pub(super) struct Host {
    rules: Arc<Rules>,
    limits: Limits,
    free: Mutex<Vec<Seat>>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rules: Vec<_> = self.rules.names().collect();
        f.debug_struct("Host").field("rules", &rules).finish()
    }
}

impl Host {
    pub(super) fn new(rules: Arc<Rules>, limits: Limits) -> Self {
        Self {
            rules,
            limits,
            free: Mutex::default(),
        }
    }

    fn seat(&self) -> Seat {
        let free = self
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        free.unwrap_or_else(|| {
            let session = Arc::new(Session::new(self.limits));
            let engine = engine::evaluator(&session, self.rules.words(), self.rules.paths());
            Seat { engine, session }
        })
    }

    fn give_back(&self, seat: Seat) {
        self.free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(seat);
    }

    /// Evaluates a rule; how many steps it took beside the verdict.
    pub(super) fn evaluate(&self, rule: &RuleUse, view: &View) -> (Verdict, u64) {
        let Some(found) = self.rules.get(&rule.rule) else {
            let verdict = failed(format!("there is no rule `{}`", rule.rule), &rule.ground);
            return (verdict, 0);
        };
        let seat = self.seat();
        let seen = Arc::new(Seen {
            view: view.clone(),
            linked: false,
            reads: rule.reads.clone(),
        });
        seat.session.begin(Arc::clone(&seen));
        // The engine is a large program by others. Should it ever panic, one rule fails and its engine is thrown away.
        let called = catch_unwind(AssertUnwindSafe(|| {
            let options = CallFnOptions::new().eval_ast(false);
            let mut scope = Scope::new();
            let it = (It(seen),);
            let (ast, function) = (&found.file.ast, found.function.as_str());
            seat.engine
                .call_fn_with_options::<Dynamic>(options, &mut scope, ast, function, it)
        }));
        let steps = seat.session.steps();
        let because = seat.session.newest();
        let (mut answer, horizon) = seat.session.end();
        let answer = match called {
            Ok(Ok(returned)) => {
                self.give_back(seat);
                let taken = take(&mut answer, &returned, &found.described.ground);
                if !rule.reads.is_empty() {
                    // A reason is shown to everybody who asks why not.
                    answer.reason = None;
                }
                taken.map(|()| answer)
            }
            Ok(Err(error)) => {
                self.give_back(seat);
                let file = &found.file.source.path;
                let fault = fault::fault(&error, file, &found.described.ground);
                // Its words may hold what the rule was shown, and they are stored in the history.
                Err(if rule.reads.is_empty() {
                    fault
                } else {
                    Fault {
                        message: SILENT_FAULT.to_owned(),
                        ..fault
                    }
                })
            }
            Err(_) => Err(Fault {
                message: "the script engine gave up on it".to_owned(),
                ground: found.described.ground.clone(),
            }),
        };
        let verdict = Verdict {
            answer,
            horizon,
            because,
        };
        (verdict, steps)
    }
}

/// What is said of a rule that failed and may have seen confidential values.
const SILENT_FAULT: &str =
    "it failed; what went wrong is not said, because it reads confidential facts";

fn take(answer: &mut Answer, returned: &Dynamic, ground: &Ground) -> Result<(), Fault> {
    say::returned(answer, returned).map_err(|message| Fault {
        message,
        ground: ground.clone(),
    })
}

fn failed(message: String, ground: &Ground) -> Verdict {
    Verdict {
        answer: Err(Fault {
            message,
            ground: ground.clone(),
        }),
        horizon: None,
        because: None,
    }
}

impl Judge for Host {
    fn judge(&self, rule: &RuleUse, view: &View) -> Verdict {
        self.evaluate(rule, view).0
    }
}
