//! One suite that every store must pass, generic over `Store`; at the end, what SQLite alone must pass.
//!
//! A second database gets its own `Place` and one more `conforms!`.

#[path = "store/before.rs"]
mod before;
#[path = "store/concurrency.rs"]
mod concurrency;
#[path = "store/lists.rs"]
mod lists;
#[path = "store/place.rs"]
mod place;
#[path = "store/records.rs"]
mod records;
#[path = "store/shapes.rs"]
mod shapes;
#[path = "store/sqlite_file.rs"]
mod sqlite_file;
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
    records {
        sealed_values_lie_apart
        people_have_one_number_each
        plans_stay_as_they_were_first_stored
        a_virtual_clock_goes_on_and_never_back
        a_real_clock_is_not_set
        reads_of_personal_data_are_logged
        history_is_read_in_pages
        tenants_know_nothing_of_each_other
        the_audit_shows_what_disagrees
    }
    shapes {
        every_history_comes_back
        a_cause_comes_first
        an_entry_brings_a_sealed_value
        what_cannot_be_read_says_so
    }
    lists {
        due_cases_come_in_order_with_ties
        cases_by_stage_process_status_and_page
        tasks_follow_the_state
        deadlines_follow_the_state
        findings_follow_the_state
        links_are_found_from_the_other_end
        pages_lose_and_repeat_nothing
        counts_count
    }
    concurrency {
        writers_lose_nothing
        two_handles_lose_nothing
        readers_see_only_what_is_committed
        changes_are_noticed
    }
}
