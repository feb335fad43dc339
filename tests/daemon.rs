//! The real program on a real database: the daemon, several programs at once, and `kill -9` at any instant.

#[path = "daemon/circles.rs"]
mod circles;
#[path = "daemon/edits.rs"]
mod edits;
#[path = "daemon/house.rs"]
mod house;
#[path = "daemon/kills.rs"]
mod kills;
#[path = "daemon/life.rs"]
mod life;
#[path = "daemon/migrations.rs"]
mod migrations;
#[path = "daemon/misuse.rs"]
mod misuse;
#[path = "daemon/spring.rs"]
mod spring;
#[path = "daemon/standing.rs"]
mod standing;
#[path = "daemon/tenants.rs"]
mod tenants;
#[path = "daemon/together.rs"]
mod together;
#[path = "daemon/towns.rs"]
mod towns;
#[path = "daemon/trouble.rs"]
mod trouble;
