//! Makes cargo see a new migration or a new shipped file: both are embedded in the binary.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=processes");
    println!("cargo:rerun-if-changed=rules");
}
