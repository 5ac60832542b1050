//! What every database under the store must do. A test here takes a way to open a store and knows nothing
//! about what is below; another database is another line at the end.

#![expect(clippy::unwrap_used, reason = "what a test cannot go on without is its failure")]

mod commands;
mod desk;
mod events;
mod keys;
mod listening;
mod lists;
mod order;
mod persons;
mod resources;
mod results;
mod revisions;
mod visitors;

mod sqlite;

/// Runs the suite on one database: `Backend` makes an empty one, and opens it as often as asked.
macro_rules! store_conformance {
    ($name:ident, $backend:ty) => {
        mod $name {
            store_conformance! { @tests $backend,
                order: everyone_writes_at_once_and_no_place_is_empty_or_taken_twice;
                order: two_processes_on_one_database_share_one_order;
                order: what_is_stored_survives_and_the_log_goes_on;
                order: an_array_is_stored_whole_or_not_at_all;
                order: work_that_fails_or_panics_leaves_its_neighbours_alone;
                order: a_closed_store_has_finished_what_it_accepted;
                order: a_log_of_thousands_is_whole_from_any_side;
                keys: a_key_stores_once_in_one_group;
                keys: a_key_stores_once_later_and_after_a_restart;
                keys: a_key_belongs_to_its_conversation;
                keys: a_repeated_command_is_applied_once;
                keys: an_answer_is_kept_for_a_day;
                visitors: an_unknown_token_opens_one_conversation;
                visitors: a_refused_first_message_opens_nothing;
                visitors: a_token_is_known_in_its_organization_only;
                visitors: a_visitor_cannot_speak_as_somebody_else;
                persons: a_person_is_one_contact_on_every_device;
                persons: a_link_is_used_once_and_its_answer_can_be_had_again;
                persons: a_link_that_does_not_hold_moves_nobody;
                persons: a_contact_without_a_conversation_opens_it_by_a_link;
                commands: every_example_of_the_widget_api_has_its_effect;
                commands: a_field_of_an_active_form_is_not_a_profile_field;
                commands: what_belongs_to_others_does_not_exist;
                commands: an_organization_switches_commands_off_and_on;
                commands: the_type_of_an_entry_must_match_its_text;
                commands: maps_do_not_grow_without_bound;
                commands: a_change_through_the_api_is_an_entry;
                commands: the_first_agent_message_accepts;
                results: answers_complete_the_form_and_set_its_fields;
                results: answers_that_do_not_fit_are_refused;
                results: a_rating_is_taken_where_it_is_asked_for;
                events: a_pages_events_are_applied_in_order_and_once;
                events: an_event_that_does_not_fit_is_not_stored;
                events: a_program_may_speak_for_the_page_and_name_its_own_events;
                listening: frames_are_the_same_from_memory_and_from_the_database;
                listening: a_listener_hears_of_every_entry;
                listening: a_receipt_comes_after_the_commit_and_in_order;
                listening: an_entry_that_is_not_for_the_visitor_keeps_its_place;
                listening: an_event_is_for_the_other_side;
                listening: pages_of_a_log;
                lists: what_is_filed_and_what_is_not_are_one_list;
                lists: a_list_goes_on_where_it_ended_across_both;
                revisions: a_listener_that_lags_gets_what_stands_there_now;
                revisions: a_change_that_fails_leaves_everything_as_it_was;
                resources: records_are_kept_within_their_organization;
                resources: lists_are_newest_first_and_counted;
                resources: conversations_are_filtered;
                resources: a_contact_is_found_by_its_identifiers_and_has_one_conversation;
                resources: a_token_is_live_until_it_expires_or_is_revoked;
            }
        }
    };
    (@tests $backend:ty, $($area:ident: $test:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            crate::$area::$test(<$backend>::default()).await;
        }
    )*};
}

store_conformance!(on_sqlite, crate::sqlite::Sqlite);
