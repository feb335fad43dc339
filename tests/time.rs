//! Time: the calendar facts, an oracle that shares nothing with the module, and properties.

mod calendars;
mod facts;
mod limits;
mod oracle;
mod properties;
mod recurrences;
