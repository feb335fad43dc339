//! One suite that every store must pass, generic over `Store`; at the end, what SQLite alone must pass.
//!
//! A second database gets its own `Place` and one more `conforms!`.

#[path = "store/place.rs"]
mod place;
#[path = "store/sqlite_plans.rs"]
mod sqlite_plans;
#[path = "store/story.rs"]
mod story;
#[path = "store/writing.rs"]
mod writing;

macro_rules! conforms {
    ($database:ident, $place:ty: $($room:ident { $($test:ident)* })*) => {
        mod $database {
            $(mod $room {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    crate::store::$room::$test::<$place>().await;
                })*
            })*
        }
    };
}

conforms! { sqlite, crate::store::place::SqlitePlace:
    writing {
        a_case_comes_back_as_it_was_written
        a_case_that_changed_meanwhile_is_a_conflict
        a_case_cannot_start_twice
        a_case_stands_once_in_a_batch
        state_and_history_go_together
        history_is_contiguous
        nothing_of_history_changes
        a_key_is_used_once_in_a_case
        an_instant_finer_than_a_microsecond_is_refused
        a_plan_must_be_stored_before_a_case_is_pinned_to_it
        a_link_leads_to_a_case
        a_rollback_leaves_nothing
        a_dropped_transaction_leaves_nothing
        a_thousand_cases_in_one_batch
        a_batch_of_nothing
    }
}
