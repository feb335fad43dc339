//! The rules host: what rules may ask and answer, until when an answer holds, what is found before anything runs, and
//! what hostile scripts cannot do.

mod asking;
mod checking;
mod horizons;
mod hostile;
mod reading;
mod small;
mod speed;
