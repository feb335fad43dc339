-- What has happened to a case lies in a row of its own: most steps leave it as it is, and who looks at a case through a link seldom
-- asks for it. What states hold of it is brought over by `engine/src/store/sqlite/forward.rs`, in the same transaction.

CREATE TABLE occurrences (
    tenant  TEXT NOT NULL,
    case_id TEXT NOT NULL,
    body    TEXT NOT NULL CHECK (json_type(body) = 'object'), -- event -> occurrences; see `engine/src/store/state.rs`
    PRIMARY KEY (tenant, case_id),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, id)
) STRICT, WITHOUT ROWID;
